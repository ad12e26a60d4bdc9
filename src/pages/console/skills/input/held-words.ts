/** What a user holds, in words. */
import { isoInZone } from '../../../../domain/history/zone.ts';
import type { Held, SkillTraits } from '../../../../domain/skills/assignment.ts';
import { t } from '../../../../messages/words.ts';

/** `2026-01-15 08:00`, as the clocks of the zone have it; '' where there is no bound. */
export function atInZone(at: string, zone: string): string {
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? '' : isoInZone(ms, zone).slice(0, 16).replace('T', ' ');
}

/** The same, as a field for time and date wants it. */
export const asField = (at: string, zone: string): string => atInZone(at, zone).replace(' ', 'T');

export function heldText(held: Held | null, { window }: Pick<SkillTraits, 'window'>, zone: string): string {
  if (!held) return t('skills_held_none');
  const parts = [t('skills_held_level', held.level)];
  const [from, to] = [atInZone(held.availableFromAt, zone), atInZone(held.availableToAt, zone)];
  if (window && (from || to)) parts.push(t('skills_held_window', from || '…', to || '…'));
  if (!held.active) parts.push(t('skills_held_inactive'));
  return parts.join(', ');
}
