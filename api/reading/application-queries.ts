/** Statements that read which applications there are. */
export { applicationLevels } from '../../schema/queries/application-levels.sql.js';
export {
  type ApplicationsRow as ApplicationListRow,
  applications as applicationList,
} from '../../schema/queries/applications.sql.js';
