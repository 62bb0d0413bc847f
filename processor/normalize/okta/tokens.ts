import type { Activity } from '../../../schema/words.js';
import { objectIn } from '../json-record.js';
import { type Issued, NOTHING_ISSUED } from '../normalized.js';
import { known, type OktaRecord, targetOf, typeOf } from './record.js';

/** The token that was presented. */
export interface Presented {
  readonly id: string;
  readonly type: string;
}

const NONE: Presented = { id: '', type: '' };

/** Targets that are tokens: `access_token`, `RefreshToken`, `code`. API tokens are `Token` and are administered. */
const TOKEN_TYPE = /^(?:(?:access|refresh|id)[ _-]?token|code|device[ _-]?secret|id[ _-]?jag)$/;

function tokensOf({ targets }: OktaRecord): readonly string[] {
  const ids: string[] = [];
  for (const target of targets) {
    if (!TOKEN_TYPE.test(typeOf(target))) continue;
    const id = known(target, 'id') || known(objectIn(target, 'detailEntry'), 'hash');
    if (id !== '' && ids.length < 16) ids.push(id);
  }
  return ids;
}

/** What a successful grant gave out. */
export function readIssued(record: OktaRecord): Issued {
  const tokens = tokensOf(record);
  return tokens.length === 0 ? NOTHING_ISSUED : { sessions: [], tokens, principals: [] };
}

/** Activities in which a token can have been used; a sign-in over the API shows the token of the application. */
const USES: ReadonlySet<Activity> = new Set(['access', 'admin', 'token_issue', 'session_revoke', 'other']);

/** The token that a request was made with, or that is said to be used again or revoked. */
export function readPresented(record: OktaRecord, activity: Activity): Presented {
  if (!USES.has(activity)) return NONE;
  const { debug, eventType, transaction } = record;
  const apiToken = known(objectIn(transaction, 'detail'), 'requestApiTokenId');
  if (apiToken !== '') return { id: apiToken, type: 'api_token' };
  if (activity === 'token_issue') {
    const id = known(debug, 'subjectTokenId');
    const type = known(debug, 'subjectTokenType').replace(/^urn:.*:/, '');
    if (id !== '') return { id, type: type.slice(0, 64) };
    return known(debug, 'grantType') === 'refresh_token' ? { id: '', type: 'refresh_token' } : NONE;
  }
  if (/reuse$/.test(eventType)) {
    return { id: known(debug, 'oldRefreshTokenHash') || (tokensOf(record)[0] ?? ''), type: 'refresh_token' };
  }
  if (activity !== 'session_revoke') return NONE;
  const [id] = tokensOf(record);
  const target = targetOf(record, 'access_token', 'refresh_token', 'accesstoken', 'refreshtoken');
  return id === undefined ? NONE : { id, type: target === undefined ? '' : typeOf(target) };
}
