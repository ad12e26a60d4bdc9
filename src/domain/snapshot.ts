/**
 * The newest known state of every agent, in columns: ten thousand agents load, compare and store in a few milliseconds,
 * because between polls the worker is usually dead and every poll begins by loading what is known (DESIGN section 6).
 */
import type { AgentId, AgentState, StateKind } from './agent-state.ts';
import type { Transition } from './transition.ts';

export interface Snapshot {
  ids: AgentId[];
  /** Index into `dictionary`, agent by agent. */
  kinds: Uint32Array<ArrayBuffer>;
  /** Epoch ms, server time, agent by agent. */
  sinceMs: Float64Array<ArrayBuffer>;
  /** 1 where the start of the state is known, 0 where it is only a lower bound. */
  known: Uint8Array<ArrayBuffer>;
  /** The distinct kinds of state in use. */
  dictionary: StateKind[];
}

export const EMPTY_SNAPSHOT: Snapshot = {
  ids: [],
  kinds: new Uint32Array(),
  sinceMs: new Float64Array(),
  known: new Uint8Array(),
  dictionary: [],
};

/**
 * A profile's reader of one row: fills the slot, or names the field that is wrong (never its value) and leaves the slot useless.
 * One slot serves a whole list: at 10,000 rows a new object each is what costs.
 * @param names of the tenant's reasons by code, for a row that gives the code alone
 */
export type RowReader = (row: unknown, slot: AgentState, names?: ReadonlyMap<string, string>) => string | null;

export function newSlot(): AgentState {
  return { agentId: '', category: 'unknown', stateName: '', reason: '', skill: '', sinceMs: 0, sinceKnown: false };
}

export interface Reading {
  rows: readonly unknown[];
  read: RowReader;
  /** Server time of the answer, epoch ms. */
  atMs: number;
  /** We were not watching since the snapshot was taken. */
  gap: boolean;
  /** Agents that were missing from the last answers: what they come back with is found, not seen. */
  missing: ReadonlySet<AgentId>;
  /** The rows are those that changed since the snapshot; whoever is not among them is as before. */
  delta?: boolean;
  /**
   * The rows the snapshot was made of, in its order. Whichever of `rows` is one of them, the very object, is not read again: it says what it said.
   * Empty: not known.
   */
  steady?: readonly unknown[];
}

export interface Comparison {
  next: Snapshot;
  /** Whether `next` differs from what was known. */
  changed: boolean;
  transitions: Transition[];
  /** Agents known before that this answer does not mention; they stay in `next`, after the others. Of a delta, none. */
  absent: AgentId[];
  badRows: number;
  /** Names of the fields that made rows unreadable, each once. */
  badFields: string[];
  /** The rows, where they are those of the first agents of `next`, one each: for the next comparison. Else empty. */
  steady: readonly unknown[];
}

/** A start that moved by less is the tenant's rounding, not a new stay. */
const SAME_START_MS = 1500;
/** Past this many kinds the unused ones are let go. */
const MANY_KINDS = 1024;

/**
 * Reads the rows one by one (a bad one is counted and named, the list survives) and compares them with what was known.
 * A stay that began anew in the same state is a transition too: something shorter than a poll lay in between.
 */
export function compare(previous: Snapshot, { rows, read, atMs, gap, missing, delta = false, steady = [] }: Reading): Comparison {
  const before = previous.ids.length;
  const capacity = rows.length + before;
  const ids: AgentId[] = delta ? [...previous.ids] : [];
  const kinds = new Uint32Array(capacity);
  const sinceMs = new Float64Array(capacity);
  const known = new Uint8Array(capacity);
  const dictionary = [...previous.dictionary];
  const seen = new Uint8Array(before);
  if (delta) {
    kinds.set(previous.kinds);
    sinceMs.set(previous.sinceMs);
    known.set(previous.known);
  }
  const slot = newSlot();
  const transitions: Transition[] = [];
  const badFields: string[] = [];
  let badRows = 0;
  let changed = false;
  // Somebody came, went, or stands elsewhere in the list.
  let moved = false;
  let places: Map<AgentId, number> | null = null;
  let codes: Map<string, number> | null = null;
  let fresh: Map<AgentId, number> | null = null;

  const placeOf = (agentId: AgentId, guess: number): number => {
    if (previous.ids[guess] === agentId) return guess;
    places ??= new Map(previous.ids.map((id, index) => [id, index]));
    return places.get(agentId) ?? -1;
  };
  const codeOf = (): number => {
    codes ??= new Map(dictionary.map((kind, index) => [kindKey(kind), index]));
    const key = kindKey(slot);
    const found = codes.get(key);
    if (found !== undefined) return found;
    const code = dictionary.length;
    dictionary.push({ category: slot.category, stateName: slot.stateName, reason: slot.reason, skill: slot.skill });
    codes.set(key, code);
    return code;
  };

  /** Stands where it stood: nothing of it has changed. */
  const stay = (place: number): void => {
    const position = ids.length;
    if (place !== position) moved = true;
    ids[position] = previous.ids[place] ?? '';
    kinds[position] = previous.kinds[place] ?? 0;
    sinceMs[position] = previous.sinceMs[place] ?? 0;
    known[position] = previous.known[place] ?? 0;
  };

  // Where the next row stood, if nobody came or went in between.
  let expected = 0;
  for (let index = 0; index < rows.length; index++) {
    if (expected < steady.length && rows[index] === steady[expected] && !seen[expected]) {
      seen[expected] = 1;
      stay(expected++);
      continue;
    }
    const bad = read(rows[index], slot);
    if (bad !== null) {
      badRows++;
      if (!badFields.includes(bad)) badFields.push(bad);
      continue;
    }
    const place = placeOf(slot.agentId, delta ? index : ids.length);
    const position = delta && place >= 0 ? place : ids.length;
    if (place < 0) {
      // Not known before. A second row for the same new agent is dropped: the first one stands.
      fresh ??= new Map();
      if (fresh.has(slot.agentId)) continue;
      fresh.set(slot.agentId, position);
      const code = codeOf();
      ids.push(slot.agentId);
      kinds[position] = code;
      sinceMs[position] = slot.sinceKnown ? slot.sinceMs : atMs;
      known[position] = slot.sinceKnown ? 1 : 0;
      moved = true;
      const to = dictionary[code];
      if (before > 0 && to) transitions.push({ agentId: slot.agentId, from: null, to, atMs: sinceMs[position] ?? atMs, gap });
      continue;
    }
    if (seen[place]) continue;
    seen[place] = 1;
    expected = place + 1;
    if (place !== position) moved = true;
    ids[position] = slot.agentId;
    const oldCode = previous.kinds[place] ?? 0;
    const old = dictionary[oldCode];
    const oldSince = previous.sinceMs[place] ?? atMs;
    const same = old !== undefined && sameKind(old, slot);
    if (same && (!slot.sinceKnown || Math.abs(slot.sinceMs - oldSince) <= SAME_START_MS)) {
      kinds[position] = oldCode;
      sinceMs[position] = oldSince;
      known[position] = previous.known[place] ?? 0;
      continue;
    }
    changed = true;
    const code = same ? oldCode : codeOf();
    const found = gap || missing.has(slot.agentId);
    kinds[position] = code;
    known[position] = slot.sinceKnown || !found ? 1 : 0;
    sinceMs[position] = slot.sinceKnown ? slot.sinceMs : atMs;
    // A start that moved back, or turned out exact, is a correction of the same stay.
    if (same && (slot.sinceMs < oldSince || !previous.known[place])) continue;
    const to = dictionary[code];
    if (to) transitions.push({ agentId: slot.agentId, from: old ?? null, to, atMs: sinceMs[position] ?? atMs, gap: found });
  }

  const absent: AgentId[] = [];
  for (let place = 0; place < before && !delta; place++) {
    const agentId = previous.ids[place];
    if (seen[place] || agentId === undefined) continue;
    absent.push(agentId);
    stay(place);
  }

  changed ||= moved;
  const { length } = ids;
  const next = changed
    ? {
        ids: moved ? ids : previous.ids,
        kinds: kinds.slice(0, length),
        sinceMs: sinceMs.slice(0, length),
        known: known.slice(0, length),
        dictionary,
      }
    : previous;
  return {
    next: changed && dictionary.length > MANY_KINDS ? compacted(next) : next,
    changed,
    transitions,
    absent,
    badRows,
    badFields,
    steady: !delta && badRows === 0 && length - absent.length === rows.length ? rows : [],
  };
}

const looked = new WeakMap<readonly AgentId[], { watched: readonly AgentId[]; places: ReadonlyMap<AgentId, number> }>();

/** Where the watched agents stand in the list, for those who do. Ten thousand are looked through once per list, not at every question. */
export function placesOf({ ids }: Snapshot, watched: readonly AgentId[]): ReadonlyMap<AgentId, number> {
  const before = looked.get(ids);
  if (before?.watched === watched) return before.places;
  const wanted = new Set(watched);
  const places = new Map<AgentId, number>();
  for (let index = 0; index < ids.length && places.size < wanted.size; index++) {
    const agentId = ids[index] ?? '';
    if (wanted.has(agentId)) places.set(agentId, index);
  }
  looked.set(ids, { watched, places });
  return places;
}

/** One agent's state, or null when the snapshot does not hold it. */
export function stateAt(snapshot: Snapshot, index: number): AgentState | null {
  const agentId = snapshot.ids[index];
  const kind = snapshot.dictionary[snapshot.kinds[index] ?? -1];
  if (agentId === undefined || kind === undefined) return null;
  return { agentId, ...kind, sinceMs: snapshot.sinceMs[index] ?? 0, sinceKnown: snapshot.known[index] === 1 };
}

/** Without these agents: for those that are long gone and not watched. */
export function without(snapshot: Snapshot, gone: ReadonlySet<AgentId>): Snapshot {
  const keep = snapshot.ids.flatMap((id, index) => (gone.has(id) ? [] : [index]));
  return {
    ids: keep.map((index) => snapshot.ids[index] ?? ''),
    kinds: Uint32Array.from(keep, (index) => snapshot.kinds[index] ?? 0),
    sinceMs: Float64Array.from(keep, (index) => snapshot.sinceMs[index] ?? 0),
    known: Uint8Array.from(keep, (index) => snapshot.known[index] ?? 0),
    dictionary: snapshot.dictionary,
  };
}

function compacted(snapshot: Snapshot): Snapshot {
  const used = new Map<number, number>();
  const dictionary: StateKind[] = [];
  const kinds = snapshot.kinds.map((code) => {
    const kind = snapshot.dictionary[code];
    let short = used.get(code);
    if (short === undefined && kind) {
      short = dictionary.push(kind) - 1;
      used.set(code, short);
    }
    return short ?? 0;
  });
  return { ...snapshot, kinds, dictionary };
}

function sameKind(a: StateKind, b: StateKind): boolean {
  return a.stateName === b.stateName && a.category === b.category && a.reason === b.reason && a.skill === b.skill;
}

function kindKey(kind: StateKind): string {
  return JSON.stringify([kind.category, kind.stateName, kind.reason, kind.skill]);
}
