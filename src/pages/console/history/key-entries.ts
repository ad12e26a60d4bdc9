/** What has to be explained of a picture: the states that are in it, and whether some of it is from our own record. */
import type { Category } from '../../../domain/agent-state.ts';
import type { Lane } from '../../parts/lanes.ts';

/** From at work to away, as in the mix bar. */
const ORDER: readonly Category[] = ['available', 'working', 'acw', 'unavailable', 'loggedIn', 'loggedOut', 'unknown'];

const found = new WeakMap<Lane, Set<Category>>();

function presentIn(lane: Lane): Set<Category> {
  let present = found.get(lane);
  if (!present) {
    present = new Set(lane.segments.map(({ category }) => category));
    found.set(lane, present);
  }
  return present;
}

export function keyEntries(lanes: readonly (Lane | null)[]): { categories: Category[]; ours: boolean } {
  const known = lanes.filter((lane) => lane !== null);
  const present = new Set(known.flatMap((lane) => [...presentIn(lane)]));
  return {
    categories: ORDER.filter((category) => present.has(category)),
    ours: known.some(({ source }) => source === 'ours' || source === 'both'),
  };
}
