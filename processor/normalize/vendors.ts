// The vendors whose records are understood, one a line.
export { CLOUDTRAIL } from './cloudtrail/cloudtrail.js';
export { ENTRA } from './entra/entra.js';
export { okta } from './okta/okta.js';
