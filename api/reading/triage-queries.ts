/** Statements that read what was done about findings. Where each finding stands comes with the finding. */
export { triageAction } from '../../schema/queries/triage-action.sql.js';
export {
  type TriageActionsRow as TriageActionRow,
  triageActions,
} from '../../schema/queries/triage-actions.sql.js';
