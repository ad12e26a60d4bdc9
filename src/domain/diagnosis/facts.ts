/** What several rules read off the same evidence, worked out once. Everything may be missing or nonsense: a time that is none is never "later". */
import { lacking, type ScopeLoss, scopeLoss } from '../scopes.ts';
import type { Check, Evidence, Failed, RowFinding, StateTry } from './evidence.ts';
import { SHARED_MS } from './limits.ts';

export type Clock = (ms: number) => string;

/** One question of this diagnosis, or of the polls before it, and what went wrong with it; null: it was answered. */
export interface Asked {
  check: Check;
  failed: Failed | null;
  /** Asked by a poll, longer before this diagnosis than an answer is shared: it may be otherwise by now. */
  stale: boolean;
}

export interface Facts {
  evidence: Evidence;
  clock: Clock;
  /** Nobody in particular is asked about. */
  whole: boolean;
  /** The newest moment the evidence speaks of, epoch ms of our clock. */
  asOfMs: number;
  /** Required scopes the token does not carry. */
  lacking: string[];
  loss: ScopeLoss | null;
  /** In the order asked. */
  asked: Asked[];
  lastTry: StateTry | null;
  /** The agent's row in the newest answer; null: not in it, or no answer. */
  row: RowFinding | null;
  /** Answers that did not have the agent (of the whole list: had nobody). */
  emptyTries: number;
  /** The agent is known to be missing: from a poll or from an answer of this diagnosis. */
  missing: boolean;
  /** CXone gives a state that needs no explaining. */
  answered: boolean;
  /** The newest answer to "all agents" had none. */
  listEmpty: boolean;
}

/** The same organisation is written with and without capitals. */
export const sameOrganisation = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

export function factsOf(evidence: Evidence, clock: Clock): Facts {
  const { agentId, scopes, states, list, missing } = evidence;
  const whole = agentId === '';
  const lastTry = states.at(-1) ?? null;
  const lacks = scopes ? lacking(scopes.required, scopes.effective) : [];
  const row = lastTry?.ok ? lastTry.row : null;
  const listEmpty = list !== null && (list.outcome === 'empty' || (list.outcome === 'ok' && !(list.agents > 0)));
  // A list from before the token lost a scope says nothing about what this token is given.
  const tokenMs = lacks.length > 0 ? (scopes?.ledger.at(-1)?.atMs ?? 0) : 0;
  const listed = list !== null && isList(list.outcome) && list.agents > 0 && list.atMs >= tokenMs;
  const answered = whole ? listed && (lastTry === null || lastTry.ok) : row !== null && isOrdinary(row);
  // Of the whole list the last try is what the list now tells; those before it found nobody, else there would have been no further one.
  const without = states.filter((each) => each.ok && each.row === null).length;
  const emptyTries = whole && listed && lastTry?.ok ? without - 1 : without;
  return {
    evidence,
    clock,
    whole,
    asOfMs: latest(evidence),
    lacking: lacks,
    loss: scopeLoss(lacks, scopes?.ledger ?? []),
    asked: askedOf(evidence),
    lastTry,
    row,
    emptyTries,
    missing: row === null && (missing !== null || emptyTries > 0 || listEmpty),
    answered,
    listEmpty,
  };
}

const isList = (outcome: string) => outcome === 'ok' || outcome === 'partial' || outcome === 'unchanged';

/** A state as any other: neither logged out, nor logged in without one (seed 000: these are two things). */
export function isOrdinary({ category, stateGiven, loggedIn }: RowFinding): boolean {
  return stateGiven && loggedIn !== false && category !== 'loggedOut' && category !== 'loggedIn';
}

/** How many agents were listed in an answer that came at `sinceMs` or later; 0: none, or no such answer. */
export function othersListed({ evidence: { list } }: Facts, sinceMs: number): number {
  return list !== null && isList(list.outcome) && list.agents > 0 && list.atMs >= sinceMs ? list.agents : 0;
}

/** When the token in use was given; 0 when the ledger does not tell. */
export const tokenSinceMs = ({ evidence }: Facts): number => evidence.scopes?.ledger.at(-1)?.atMs ?? 0;

/** When whoever is signed in signed in; 0 when the ledger does not tell. Rights are the person's, whichever token they use. */
export const signInMs = ({ evidence }: Facts): number =>
  evidence.scopes?.ledger.findLast(({ kind }) => kind === 'signIn')?.atMs ?? 0;

/** Where the signed-in person belongs, by the token and by their own record: each once; '' counts for nothing. */
export function ownOrganisations({ tokenOrganisationId, me }: Evidence): string[] {
  const own = [tokenOrganisationId, me?.ok ? me.organisationId : ''].filter((id) => id.trim() !== '');
  return own.filter((id, index) => own.findIndex((other) => sameOrganisation(id, other)) === index);
}

/** Not there: neither the agent nor the path. */
export const isGone = ({ status }: Pick<Failed, 'status'>) => status === 404 || status === 410;
/** CXone finds the id itself wrong. */
export const refusesId = (failed: Pick<Failed, 'status'>) => isGone(failed) || failed.status === 400 || failed.status === 422;

/** Nothing can be asked without a token: such a question is no word about the network. */
export function wasAsked({ evidence: { token } }: Facts, { outcome, status }: Failed): boolean {
  const open = token === null || token.phase === 'signedIn' || token.phase === 'recovering';
  return outcome !== 'offline' || status !== 0 || open;
}

/** The newest question that failed so, with what was answered after it: an answer is an answer, also one that says no. */
export function lastFailure(
  facts: Facts,
  fits: (failed: Failed) => boolean,
): { at: Asked; failed: Failed; after: Asked[] } | null {
  const index = facts.asked.findLastIndex(({ failed }) => failed !== null && fits(failed));
  const at = facts.asked[index];
  if (!at?.failed) return null;
  const after = facts.asked.slice(index + 1).filter(({ failed }) => failed === null || isWord(failed));
  return { at, failed: at.failed, after };
}

const isWord = ({ outcome, status }: Failed) => outcome === 'forbidden' || outcome === 'unauthorized' || status === 404;

function askedOf({ list, me, agent, skillGroups, states, startedMs }: Evidence): Asked[] {
  const answers = [
    ['me', me],
    ['agent', agent],
    ['skillGroups', skillGroups],
    ...states.map((each) => ['state', each] as const),
  ] as const;
  const asked = answers.flatMap(([check, got]): Asked[] => (got ? [{ check, failed: got.ok ? null : got, stale: false }] : []));
  // The list a poll got before we began. One of our own stands among the tries, and what went wrong then is over once the state was told.
  if (list !== null && !(list.atMs >= startedMs && states.length > 0) && !states.some(({ ok }) => ok)) {
    const { outcome, status, detail, host } = list;
    const good = isList(outcome) || outcome === 'empty';
    asked.unshift({
      check: 'state',
      stale: !(list.atMs >= startedMs - SHARED_MS),
      failed: good ? null : { ok: false, outcome, status, detail, host, path: '', notBeforeMs: 0 },
    });
  }
  return asked;
}

function latest({ startedMs, states, list }: Evidence): number {
  const times = [startedMs, list?.atMs ?? 0, ...states.map(({ atMs }) => atMs)];
  return Math.max(0, ...times.filter((ms) => Number.isFinite(ms)));
}
