import type {
  Activity,
  EvidenceGrade,
  Outcome,
  PolicyResult,
  SessionKind,
  TokenBinding,
} from '../../../schema/words.js';
import { type EntraUser, NOBODY } from './user.js';

/** What a record of one of Entra ID's logs says, in the product's words; '' = nothing. */
export interface Reading {
  /** The vendor's name of the event. */
  readonly type: string;
  /** The vendor's id of the event. */
  readonly id: string;
  /** Texts that may say when it happened, the best first. */
  readonly times: readonly string[];
  readonly activity: Activity;
  readonly outcome: Outcome;
  readonly evidence: EvidenceGrade;
  readonly amr: readonly string[];
  readonly claimedMfa: boolean;
  readonly user: EntraUser;
  /** Whom an administrative act is about. */
  readonly target: EntraUser;
  readonly session: string;
  readonly sessionKind: SessionKind;
  /** Whether it happened in a session, named or not: a verdict on a user and an administrator's revocation did not. */
  readonly isInSession: boolean;
  readonly token: string;
  /** Whether the token was given out by what the event proves. */
  readonly issuesToken: boolean;
  readonly tokenType: string;
  readonly tokenBinding: TokenBinding;
  readonly device: string;
  readonly authProtocol: string;
  readonly policyResult: PolicyResult;
  readonly risks: readonly string[];
  readonly applicationId: string;
  readonly applicationName: string;
  readonly action: string;
  readonly address: string;
  readonly userAgent: string;
  /** True where no client is behind it, only Microsoft's own platform. */
  readonly isPlatform: boolean;
  /** Names that were typed by whoever failed to sign in, and may be passwords. */
  readonly typed: readonly string[];
}

/** Of a record that says nothing: each log's reader fills in what its records say. */
export const UNREAD: Reading = Object.freeze({
  type: '',
  id: '',
  times: [],
  activity: 'other',
  outcome: 'unknown',
  evidence: 'none',
  amr: [],
  claimedMfa: false,
  user: NOBODY,
  target: NOBODY,
  session: '',
  sessionKind: 'implied',
  isInSession: false,
  token: '',
  issuesToken: false,
  tokenType: '',
  tokenBinding: '',
  device: '',
  authProtocol: '',
  policyResult: '',
  risks: [],
  applicationId: '',
  applicationName: '',
  action: '',
  address: '',
  userAgent: '',
  isPlatform: false,
  typed: [],
});
