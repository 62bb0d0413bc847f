/** Statements that read who the users are. */
export { userKeys } from '../../schema/queries/user-keys.sql.js';
export { userNames } from '../../schema/queries/user-names.sql.js';
export { users as userList } from '../../schema/queries/users.sql.js';
export { usersKnown } from '../../schema/queries/users-known.sql.js';
export { type UsersPrivilegedRow, usersPrivileged } from '../../schema/queries/users-privileged.sql.js';
