/** The matrix: whose skills are shown, and what was changed. */
import { computed, signal } from '@preact/signals';
import type { AgentId } from '../../../../domain/agent-state.ts';
import { dateInZone } from '../../../../domain/history/zone.ts';
import type { Held, SkillId } from '../../../../domain/skills/assignment.ts';
import { instantReader } from '../../../../domain/skills/instant.ts';
import { t } from '../../../../messages/words.ts';
import { attempt } from '../../../parts/notice.tsx';
import { traits } from '../access.ts';
import { kept } from '../input/kept.ts';
import { held, heldOf, skills } from '../input/lookup.ts';
import { plan } from '../input/plan.ts';
import { zone } from '../input/zones.ts';
import {
  type Changes,
  changeOf,
  columnsOf,
  isWrong,
  levelTyped,
  NO_CHANGES,
  type Place,
  withChange,
  without,
} from './changes.ts';

const YEAR_MS = 365 * 86_400_000;

export const users = kept<AgentId[]>('matrixUsers', []);
export const changes = kept<Changes>('matrixChanges', NO_CHANGES);
/** The window of what is new, as fields have it; '' = the usual one. */
const chosenWindow = kept('matrixWindow', { from: '', to: '' });
export const words = signal('');
/** The cell that Tab goes to and that the line beneath is about. */
export const active = signal<Place>({ row: 0, column: 0 });

export const columns = computed(() => {
  const shown = new Set(users.value);
  const used = new Set<SkillId>();
  for (const userId of shown) for (const { skillId } of held.value.get(userId) ?? []) used.add(skillId);
  for (const { userId, skillId } of Object.values(changes.value)) if (shown.has(userId)) used.add(skillId);
  return columnsOf(skills.value ?? [], used, words.value);
});

export const list = computed(() => Object.values(changes.value));
/** Of agents who are not on screen now. */
export const elsewhere = computed(() => list.value.filter(({ userId }) => !users.value.includes(userId)).length);
export const wrong = computed(() => list.value.filter((wish) => isWrong(wish, traits.value)).length);

/** From today, for a year, unless somebody has said otherwise. */
export const newWindow = computed(() => {
  const { from, to } = chosenWindow.value;
  const nowMs = Date.now();
  return {
    from: from || `${dateInZone(nowMs, zone.value)}T00:00`,
    to: to || `${dateInZone(nowMs + YEAR_MS, zone.value)}T00:00`,
  };
});
export function chooseWindow(part: { from?: string; to?: string }): void {
  chosenWindow.value = { ...chosenWindow.peek(), ...part };
}

/** ISO in UTC; '' where the field holds no time. */
export function instantOf(field: string): string {
  const read = instantReader(zone.peek())(field);
  return 'at' in read ? read.at : '';
}

export const wishOf = (userId: AgentId, skillId: SkillId) => changeOf(changes.value, userId, skillId);

/** What the cell stands at: as changed, else as it is. Undefined: nobody knows. */
export function standing(userId: AgentId, skillId: SkillId): Held | null | undefined {
  const wish = wishOf(userId, skillId);
  return wish ? wish.held : heldOf(userId, skillId);
}

export function put(userId: AgentId, skillId: SkillId, next: Held | null): void {
  const before = heldOf(userId, skillId);
  if (before === undefined) return;
  changes.value = withChange(changes.peek(), { userId, skillId, held: next }, before);
}

/** Another level; what is new gets the window for new ones. */
export function putLevel(userId: AgentId, skillId: SkillId, level: number): void {
  const now = standing(userId, skillId) ?? heldOf(userId, skillId);
  const { from, to } = newWindow.peek();
  const fresh = {
    availableFromAt: traits.peek().window ? instantOf(from) : '',
    availableToAt: traits.peek().window ? instantOf(to) : '',
    active: true,
  };
  put(userId, skillId, { ...(now ?? fresh), level });
}

export function takeAway(userId: AgentId, skillId: SkillId): void {
  if (traits.peek().removal || heldOf(userId, skillId) === null) put(userId, skillId, null);
}

export function undo(userId: AgentId, skillId: SkillId): void {
  changes.value = without(changes.peek(), userId, skillId);
}

export function undoAll(): void {
  changes.value = NO_CHANGES;
}

let typed = '';
let typedMs = 0;
/** Digits that follow each other more slowly are two numbers. */
const SLOW_MS = 900;
export function typeDigit(userId: AgentId, skillId: SkillId, digit: string): void {
  const nowMs = Date.now();
  const result = levelTyped(nowMs - typedMs < SLOW_MS ? typed : '', digit, traits.peek().levels);
  typed = result.typed;
  typedMs = nowMs;
  if (result.level !== null) putLevel(userId, skillId, result.level);
}

/** Digits belong to the cell they were begun in. */
export function moveTo(place: Place): void {
  typed = '';
  active.value = place;
}

/** All changes, those of agents who are not shown now too. */
export async function planChanges(): Promise<void> {
  const wishes = list.peek().map((wish) => ({ line: 0, ...wish }));
  await attempt(() => plan(t('skills_matrix_name'), wishes, undoAll));
}
