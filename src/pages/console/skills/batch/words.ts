/** Sentences the batch page says in more than one place. */
import { type Held, type SkillTraits, sameHeld } from '../../../../domain/skills/assignment.ts';
import {
  type Batch,
  type BatchCounts,
  type BatchRow,
  type BatchStatus,
  DIFFS,
  type Diff,
  type Refusal,
  type RefusalCode,
  ROW_STATES,
  type RowState,
} from '../../../../domain/skills/batch.ts';
import type { Suggestion } from '../../../../domain/skills/suggest.ts';
import { type MessageKey, t, tCode } from '../../../../messages/words.ts';
import { formatCount } from '../../../parts/count.ts';
import { atInZone, heldText as heldIn } from '../input/held-words.ts';
import { zone } from '../input/zones.ts';

/** `2026-03-02 09:41`, in the zone that is chosen for the room; what is no time stays as it is. */
export function formatAt(at: string | number): string {
  const iso = typeof at === 'number' ? new Date(at).toISOString() : at;
  return atInZone(iso, zone.value) || iso;
}

/** From when to when somebody is available for a skill; '' without bounds. */
export function windowText({ availableFromAt: from, availableToAt: to }: Held): string {
  if (from === '' && to === '') return '';
  return t('skills_held_window', atInZone(from, zone.value) || '…', atInZone(to, zone.value) || '…');
}

/** In one line: for the ear, for files, for where there is no room for the level's mark. */
export const heldText = (held: Held | null): string => heldIn(held, { window: true }, zone.value);

/** Whether the two windows differ: the level's mark does not tell. */
export const sameWindow = (a: Held, b: Held): boolean => sameHeld({ ...a, level: b.level, active: b.active }, b);

export const diffLabel = (diff: Diff): string => tCode(`skills_diff_${diff}`);
export const stateLabel = (state: RowState): string => tCode(`skills_state_${state}`);

const STATUSES: Record<BatchStatus, MessageKey> = {
  checking: 'skills_batch_checking',
  ready: 'skills_batch_ready',
  running: 'skills_batch_running',
  waiting: 'skills_batch_waiting',
  paused: 'skills_batch_paused',
  done: 'skills_batch_done',
  cancelled: 'skills_batch_cancelled',
};
export const statusLabel = (status: BatchStatus): string => t(STATUSES[status]);

const listed = (parts: readonly [count: number, key: string][]): string =>
  parts
    .filter(([count]) => count > 0)
    .map(([count, key]) => tCode(key, [formatCount(count)]))
    .join(', ');

/** `1,820 new, 97 changed, 46 already so, 37 refused`. */
export const diffSentence = ({ diffs }: Pick<BatchCounts, 'diffs'>): string =>
  listed(DIFFS.map((diff) => [diffs[diff], `skills_batch_count_${diff}`]));

/** `1,900 written, 3 need your word, 14 failed, 83 skipped`. */
export const stateSentence = ({ states }: Pick<BatchCounts, 'states'>): string =>
  listed(ROW_STATES.map((state) => [states[state], `skills_batch_ended_${state}`]));

/** How far it has come: what the dry run made of the rows, and how they stand once their number is confirmed. */
export const countsSentence = ({ confirmed, counts }: Pick<Batch, 'confirmed' | 'counts'>): string =>
  confirmed ? stateSentence(counts) : diffSentence(counts);

/** Their words have a place for what comes with them. */
const FILLED: readonly RefusalCode[] = ['otherOrganisation', 'otherId', 'level'];

/** The reason, and what the tenant has to say to it where there is something. */
export function refusalText({ code, params }: Refusal): string {
  if (FILLED.includes(code)) return tCode(`skills_refused_${code}`, params);
  const said = params.filter(Boolean).join(', ');
  const text = tCode(`skills_refused_${code}`);
  return said ? `${text} ${t('skills_batch_said', said)}` : text;
}

/** Why a row is as it is; '' where its state says it all. */
export function whyText({ refusals, problem, detail, state, diff }: BatchRow): string {
  if (refusals.length > 0) return refusals.map(refusalText).join(' ');
  if (problem !== null && state !== 'verified') {
    const text = tCode(`skills_row_${problem}`);
    return detail ? `${text} ${t('skills_batch_said', detail)}` : text;
  }
  if (diff === 'same') return t('skills_batch_sameText');
  return state === 'skipped' ? t('skills_batch_leftText') : '';
}

export const percent = (share: number): string => t('history_percent', Math.round(share * 100));

/** What a suggested level rests on, in full. */
export function basisText({ basis, efficiency }: Suggestion): string {
  if (basis === null) return t('skills_batch_noFigures');
  const how = t('skills_batch_efficiency', percent(efficiency));
  if (basis.resolutionRate === null) return `${how}, ${t('skills_batch_noResolution')}`;
  return `${how}, ${t('skills_batch_resolution', percent(basis.resolutionRate))}`;
}

/** What this tenant's API cannot do: said, and left out. */
export function cannotTexts({ licences, window, removal, suggestions }: SkillTraits): string[] {
  const keys: (MessageKey | false)[] = [
    !licences && 'skills_batch_noLicences',
    !window && 'skills_batch_noWindow',
    !removal && 'skills_batch_noRemoval',
    !suggestions && 'skills_batch_noSuggestions',
  ];
  return keys.flatMap((key) => (key ? [t(key)] : []));
}

/** Who and where: `by u-17 · org-4`; only what is known. */
export function targetText({ target: { actor, organisationId } }: Batch): string {
  return [actor && t('skills_batch_by', actor), organisationId && t('skills_batch_for', organisationId)]
    .filter(Boolean)
    .join(' · ');
}
