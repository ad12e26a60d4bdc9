/** What the tenant has, as far as the room has asked: all skills, and what some users hold. Nothing of it is kept. */
import { batch, effect, signal } from '@preact/signals';
import type { AgentId } from '../../../../domain/agent-state.ts';
import type { Assignment, Held, Skill, SkillId } from '../../../../domain/skills/assignment.ts';
import type { Reply } from '../../../../messages/contract.ts';
import { send } from '../../../../messages/send.ts';
import { tCode } from '../../../../messages/words.ts';
import { connectionId } from '../access.ts';

/** Users of one question: an answer takes a few seconds at most, and there is progress to be seen. */
const GROUP = 10;

/** By name; null before they were asked for. */
export const skills = signal<readonly Skill[] | null>(null);
/** What each user holds; a user who is not in it was not asked for, or could not be read. */
export const held = signal<ReadonlyMap<AgentId, readonly Assignment[]>>(new Map());
export const unread = signal<ReadonlySet<AgentId>>(new Set());
/** Why something could not be read; '' when all could. */
export const lookProblem = signal('');
/** How many users have been read, of how many; null when nothing is on its way. */
export const looking = signal<{ done: number; of: number } | null>(null);

let turn = 0;
let of = '';
effect(() => {
  if (connectionId.value === of) return;
  of = connectionId.value;
  turn++;
  batch(() => {
    skills.value = null;
    held.value = new Map();
    unread.value = new Set();
    lookProblem.value = '';
    looking.value = null;
  });
});

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
export const skillTitle = ({ name, skillId }: Skill): string => name || skillId;

function take(userIds: readonly AgentId[], answer: Reply<'assignments'>): void {
  const found = new Map<AgentId, Assignment[]>(userIds.map((userId) => [userId, []]));
  for (const assignment of answer.assignments) found.get(assignment.userId)?.push(assignment);
  const missing = new Set(answer.unread);
  batch(() => {
    if (answer.skills.length > 0)
      skills.value = [...answer.skills].sort((a, b) => collator.compare(skillTitle(a), skillTitle(b)));
    held.value = new Map([...held.peek(), ...[...found].filter(([userId]) => !missing.has(userId))]);
    unread.value = new Set([...[...unread.peek()].filter((userId) => !found.has(userId)), ...missing]);
    if (answer.problem) lookProblem.value = tCode(answer.problem.key, answer.problem.params);
  });
}

/** Asks what these users hold now, and which skills there are; nobody named: the skills alone. The last question is the one that counts. */
export async function look(userIds: readonly AgentId[]): Promise<void> {
  const mine = ++turn;
  batch(() => {
    lookProblem.value = '';
    looking.value = { done: 0, of: userIds.length };
  });
  try {
    for (let from = 0; from === 0 || from < userIds.length; from += GROUP) {
      const group = userIds.slice(from, from + GROUP);
      const answer = await send('assignments', { userIds: group });
      if (mine !== turn) return;
      take(group, answer);
      looking.value = { done: Math.min(from + GROUP, userIds.length), of: userIds.length };
    }
  } catch (error) {
    if (mine === turn) lookProblem.value = error instanceof Error ? error.message : String(error);
  } finally {
    if (mine === turn) looking.value = null;
  }
}

export function stopLooking(): void {
  turn++;
  looking.value = null;
}

/** What a user holds of a skill; null: nothing; undefined: not known. */
export function heldOf(userId: AgentId, skillId: SkillId): Held | null | undefined {
  const all = held.value.get(userId);
  if (!all) return undefined;
  return all.find((assignment) => assignment.skillId === skillId)?.held ?? null;
}

export function skillName(skillId: SkillId): string {
  const skill = skills.value?.find((each) => each.skillId === skillId);
  return skill ? skillTitle(skill) : skillId;
}
