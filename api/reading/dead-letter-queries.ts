/** Statements that read records which were not understood. */
export { deadLetterTexts } from '../../schema/queries/dead-letter-texts.sql.js';
export {
  type DeadLettersRow as DeadLetterRow,
  deadLetters as deadLetterList,
} from '../../schema/queries/dead-letters.sql.js';
