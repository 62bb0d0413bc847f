import {
  GATE_DAYS,
  type GateFigures,
  MISSED_DAYS,
  whyShut,
  wilsonLower,
} from '../../../schema/log-coverage/gate.js';
import { cellOf } from '../../../schema/log-coverage/place.js';
import type { SessionKind } from '../../../schema/words.js';
import { isTimely, type Judgement } from './judged-sessions.js';
import type { Place, Places } from './places.js';
import { kindOf, type TalliedSession } from './sessions.js';

/** Of one cell: by day and user, whether every session used there on that day had its evidence. */
interface Cell {
  readonly place: Place;
  readonly kind: SessionKind;
  readonly days: Map<number, Map<number, boolean>>;
}

/** A cell as it stands on a day. */
export interface CellGate {
  readonly place: Place;
  readonly kind: SessionKind;
  readonly gate: GateFigures;
  /** Day since 1970 of the latest open gate within `MISSED_DAYS` before; undefined if there was none. */
  readonly openedOn: number | undefined;
  /** Users for whom the gate, which is open, is shut without their own days. */
  readonly shutForOwn: number;
}

/** The closure of user-days, by cell: judging/closure-days.sql and cell-gates.sql, over records in memory. */
export class CellGates {
  readonly #places: Places;
  readonly #cells = new Map<string, Cell>();

  constructor(places: Places) {
    this.#places = places;
  }

  add(session: TalliedSession, { vouchedAt }: Judgement): void {
    const kind = kindOf(session);
    for (const use of session.uses) {
      const cell = this.#cell(this.#places.get(use.place), kind);
      const isVouched = isTimely(vouchedAt, use);
      for (const { user, day } of use.userDays) {
        let users = cell.days.get(day);
        if (users === undefined) {
          users = new Map();
          cell.days.set(day, users);
        }
        users.set(user, isVouched && users.get(user) !== false);
      }
    }
  }

  /** The cells that have user-days to judge by on a day (since 1970), or had within `MISSED_DAYS` before. */
  on(day: number): CellGate[] {
    const gates: CellGate[] = [];
    for (const { place, kind, days } of this.#cells.values()) {
      const byUser = countedFor(days, day);
      const gate = figuresOf(byUser);
      const openedOn = lastOpen(days, day);
      if (gate.user_days === 0 && openedOn === undefined) continue;
      const shutForOwn = openedOn === day ? usersShutOut(byUser, gate) : 0;
      gates.push({ place, kind, gate, openedOn, shutForOwn });
    }
    return gates;
  }

  #cell(place: Place, kind: SessionKind): Cell {
    const name = cellOf(place, kind);
    let cell = this.#cells.get(name);
    if (cell === undefined) {
      cell = { place, kind, days: new Map() };
      this.#cells.set(name, cell);
    }
    return cell;
  }
}

interface Counted {
  days: number;
  closed: number;
}

/** What the user-days before a day come to, by user. */
function countedFor(days: Cell['days'], day: number): Map<number, Counted> {
  const byUser = new Map<number, Counted>();
  for (let each = day - GATE_DAYS; each < day; each++) {
    for (const [user, isClosed] of days.get(each) ?? []) {
      const counted = byUser.get(user) ?? { days: 0, closed: 0 };
      counted.days += 1;
      if (isClosed) counted.closed += 1;
      byUser.set(user, counted);
    }
  }
  return byUser;
}

function figuresOf(byUser: ReadonlyMap<number, Counted>): GateFigures {
  let userDays = 0;
  let closed = 0;
  for (const counted of byUser.values()) {
    userDays += counted.days;
    closed += counted.closed;
  }
  return figures(userDays, closed, byUser.size);
}

function figures(userDays: number, closed: number, users: number): GateFigures {
  return { user_days: userDays, closed, users, lower_bound: wilsonLower(closed, userDays) };
}

function lastOpen(days: Cell['days'], day: number): number | undefined {
  for (let each = day; each >= day - MISSED_DAYS; each--) {
    if (whyShut(figuresOf(countedFor(days, each))) === undefined) return each;
  }
  return undefined;
}

function usersShutOut(byUser: ReadonlyMap<number, Counted>, gate: GateFigures): number {
  let shut = 0;
  for (const own of byUser.values()) {
    const others = figures(gate.user_days - own.days, gate.closed - own.closed, gate.users - 1);
    if (whyShut(others) !== undefined) shut += 1;
  }
  return shut;
}
