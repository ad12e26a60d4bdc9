/** Which id is this? People give an e-mail address, an extension or a queue's id where an agent's belongs (seeds 000, 004). */
import type { AgentId } from '../agent-state.ts';
import type { IdKind } from './evidence.ts';

/** What a person's record says of their ids. */
export interface Ids {
  agentId: AgentId;
  otherIds: readonly { kind: IdKind; id: string }[];
}

const SHAPES: readonly [IdKind, RegExp][] = [
  ['email', /^[^\s@]+@[^\s@]+$/],
  ['uuid', /^\{?[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\}?$/i],
  // "+1 555 0100", "x2001", "ext. 2001": what is dialled. Digits alone may be an agent's id (seed 004).
  ['extension', /^(\+[\d ().-]+|x\.?\s?\d+|ext(ension)?\.?\s?\d+)$/i],
  ['number', /^\d+$/],
];

/** What an id looks like, from its shape alone: `email`, `uuid`, `extension`, `number` or `text`. Never says whose it is. */
export function idKind(id: string): IdKind {
  const text = id.trim();
  return SHAPES.find(([, shape]) => shape.test(text))?.[0] ?? 'text';
}

/** What agents' ids look like in this tenant: the kind most of `known` have. Where none is known, UUID, as the v2 documents say (seed 000). */
export function expectedKind(known: readonly AgentId[]): IdKind {
  const counts = new Map<IdKind, number>();
  for (const id of known) counts.set(idKind(id), (counts.get(idKind(id)) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? 'uuid';
}

/** Shapes that can be no agent's id in a tenant whose agents' ids are of the other. A number and a text are told apart by no rule we know. */
const ALIKE: readonly IdKind[] = ['number', 'text'];

/** Whether an id plainly is not of the kind agents' ids are here, so that it is worth asking whose it is before asking who it is. */
export function isOfAnotherKind(looksLike: IdKind, expected: IdKind): boolean {
  if (looksLike === expected) return false;
  return !(ALIKE.includes(looksLike) && ALIKE.includes(expected));
}

/**
 * Whose id it is. `agentId` '' when it is that of several people: there is nobody in particular to watch instead.
 * Capitals, blanks and braces around it do not count; the very id of an agent comes first, then one written a little differently.
 */
export function matchId(id: string, people: readonly Ids[]): { kind: IdKind; agentId: AgentId } | null {
  const exact = people.find(({ agentId }) => agentId === id);
  if (exact) return { kind: 'agentId', agentId: exact.agentId };
  const wanted = plain(id);
  if (wanted === '') return null;
  const found = people.flatMap(({ agentId, otherIds }) => {
    if (plain(agentId) === wanted) return [{ kind: 'agentId' as const, agentId }];
    const other = otherIds.find((each) => plain(each.id) === wanted);
    return other ? [{ kind: other.kind, agentId }] : [];
  });
  const first = found.find(({ kind }) => kind === 'agentId') ?? found[0];
  if (!first) return null;
  const rivals = found.some(
    ({ kind, agentId }) => (kind === 'agentId') === (first.kind === 'agentId') && agentId !== first.agentId,
  );
  return rivals ? { kind: first.kind, agentId: '' } : first;
}

const plain = (id: string) =>
  id
    .trim()
    .replace(/^\{|\}$/g, '')
    .toLowerCase();
