/** What was changed in the matrix and is not handed on yet: decisions without the page. */
import type { AgentId } from '../../../../domain/agent-state.ts';
import {
  type Held,
  type Skill,
  type SkillId,
  type SkillTraits,
  sameHeld,
  type Wish,
} from '../../../../domain/skills/assignment.ts';

/** By user and skill. */
export type Changes = Readonly<Record<string, Wish>>;
export const NO_CHANGES: Changes = {};

/** Ids have no blanks. */
const keyOf = (userId: AgentId, skillId: SkillId) => `${userId} ${skillId}`;

export const changeOf = (changes: Changes, userId: AgentId, skillId: SkillId): Wish | undefined =>
  changes[keyOf(userId, skillId)];

export function without(changes: Changes, userId: AgentId, skillId: SkillId): Changes {
  const { [keyOf(userId, skillId)]: _gone, ...rest } = changes;
  return rest;
}

/** With this wish; none where it is what the user holds already. */
export function withChange(changes: Changes, wish: Wish, before: Held | null): Changes {
  if (sameHeld(wish.held, before)) return without(changes, wish.userId, wish.skillId);
  return { ...changes, [keyOf(wish.userId, wish.skillId)]: wish };
}

/** An end that is not after the start, or is not there. */
export function isWrong({ held }: Wish, { window }: SkillTraits): boolean {
  if (!window || held === null) return false;
  return held.availableFromAt === '' || held.availableToAt === '' || held.availableToAt <= held.availableFromAt;
}

/** More columns than one looks over. */
export const MOST_COLUMNS = 30;

/**
 * The columns: skills that any of those shown holds or is to hold; with words, all skills that fit them. `more`: how many others there are.
 * @param used ids of skills that somebody shown holds, or that are changed
 */
export function columnsOf(
  skills: readonly Skill[],
  used: ReadonlySet<SkillId>,
  words: string,
): { skills: Skill[]; more: number } {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const known = new Set(skills.map(({ skillId }) => skillId));
  // Held, but not in the list of skills: of no active strategy, where only those are listed.
  const others = [...used].filter((skillId) => !known.has(skillId)).map((skillId) => ({ skillId, name: '', active: false }));
  const fit = [...skills, ...others].filter(({ skillId, name }) => {
    if (wanted.length === 0) return used.has(skillId);
    const text = `${name} ${skillId}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  return { skills: fit.slice(0, MOST_COLUMNS), more: Math.max(0, fit.length - MOST_COLUMNS) };
}

export interface Place {
  row: number;
  column: number;
}

/** Where a key leads in a grid; null: none of ours. */
export function placeFor(key: string, { row, column }: Place, rows: number, columns: number): Place | null {
  const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
  switch (key) {
    case 'ArrowUp':
      return { row: within(row - 1, rows), column };
    case 'ArrowDown':
      return { row: within(row + 1, rows), column };
    case 'ArrowLeft':
      return { row, column: within(column - 1, columns) };
    case 'ArrowRight':
      return { row, column: within(column + 1, columns) };
    case 'Home':
      return { row, column: 0 };
    case 'End':
      return { row, column: within(columns - 1, columns) };
    default:
      return null;
  }
}

/** Digits typed one after another are one number: `1`, then `2` is 12 where the scale goes that far. Null: no level. */
export function levelTyped(
  before: string,
  digit: string,
  { min, max }: SkillTraits['levels'],
): { typed: string; level: number | null } {
  const both = before + digit;
  const typed = before !== '' && Number(both) <= max ? both : digit;
  const level = Number(typed);
  return { typed, level: level >= min && level <= max ? level : null };
}
