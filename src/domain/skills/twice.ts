/** Wishes of one file or batch for the same skill of the same user. */
import { sameHeld, type Wish } from './assignment.ts';

/** `duplicate`: says what another says already. `contradiction`: says something else. `other`: which one, its place in the list. */
export interface Clash {
  code: 'duplicate' | 'contradiction';
  other: number;
}

const CAPITALS = /[A-F]/;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** A UUID is the same in capitals; of other ids nobody knows. */
export const plain = (id: string) => (CAPITALS.test(id) && UUID.test(id) ? id.toLowerCase() : id);

/**
 * By place in the list; null wishes are passed over. Of several that say the same the first has no clash; where they differ, all have one: nobody
 * can tell which was meant.
 */
export function clashes(wishes: readonly (Wish | null)[]): Map<number, Clash> {
  const places = new Map<string, number | number[]>();
  wishes.forEach((wish, place) => {
    if (!wish) return;
    const key = `${plain(wish.userId)}\n${plain(wish.skillId)}`;
    const there = places.get(key);
    if (there === undefined) places.set(key, place);
    else if (typeof there === 'number') places.set(key, [there, place]);
    else there.push(place);
  });
  const found = new Map<number, Clash>();
  for (const group of places.values()) if (typeof group !== 'number') ofGroup(wishes, group, found);
  return found;
}

function ofGroup(wishes: readonly (Wish | null)[], group: readonly number[], found: Map<number, Clash>): void {
  const held = (place: number) => wishes[place]?.held ?? null;
  const [first = 0] = group;
  const second = group.find((place) => !sameHeld(held(place), held(first)));
  for (const place of group)
    if (second !== undefined)
      found.set(place, { code: 'contradiction', other: sameHeld(held(place), held(first)) ? second : first });
    else if (place !== first) found.set(place, { code: 'duplicate', other: first });
}
