/** One skill for one user: what was filled in, and what is wrong with it. */

import type { Held, SkillTraits } from '../../../../domain/skills/assignment.ts';
import { checkRow } from '../../../../domain/skills/check-rows.ts';
import type { Column } from '../../../../domain/skills/columns.ts';
import { kept } from './kept.ts';

export interface OneForm {
  userId: string;
  skillId: string;
  remove: boolean;
  level: number | null;
  /** As a field for date and time has it: `2026-01-15T08:00`. */
  from: string;
  to: string;
  active: boolean;
}

const EMPTY: OneForm = { userId: '', skillId: '', remove: false, level: null, from: '', to: '', active: true };
export const one = kept('one', EMPTY);

export function fill(part: Partial<OneForm>): void {
  one.value = { ...one.peek(), ...part };
}
export function emptyOne(): void {
  one.value = EMPTY;
}

/** By the same rules as a file's rows. */
export function checkedOne(form: OneForm, traits: SkillTraits, zone: string) {
  const cells: Record<Column, string> = {
    userId: form.userId,
    skillId: form.skillId,
    level: form.level === null ? '' : String(form.level),
    availableFrom: form.from,
    availableTo: form.to,
    active: form.active || !traits.activity ? '' : 'no',
    action: form.remove && traits.removal ? 'remove' : '',
  };
  return checkRow({ line: 0, cells }, traits, zone);
}

/** The form as it is now in the tenant, so that only what is to change is typed. */
export function asHeld(held: Held, asField: (at: string) => string): Partial<OneForm> {
  return {
    level: held.level,
    from: asField(held.availableFromAt),
    to: asField(held.availableToAt),
    active: held.active,
    remove: false,
  };
}
