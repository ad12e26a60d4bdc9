/**
 * Skills of the public API (facts/cxone-api.md sections 3 and 9): proficiency 1 is the best of 20, an assignment can be switched off, and a
 * request succeeds as a whole while an item of it fails. No window, no licences, no figures that a level could be made of.
 */
import type { AgentId } from '../../../domain/agent-state.ts';
import type { Assignment, Held, Skill, Wish } from '../../../domain/skills/assignment.ts';
import type { SkillsPort, WriteAnswer } from '../../port.ts';
import type { Order } from '../../reply.ts';
import { cleaned } from '../../reply.ts';
import { notSent, unclear } from '../../tell.ts';
import { malformed } from '../../values.ts';
import { agentPath, unaskable } from './agent-path.ts';
import type { Listing, Lists } from './lists.ts';
import type { Requests } from './requests.ts';
import { bool, count, idText, isRecord, text } from './values.ts';

/** What of an assignment is read: `fields` of the request. */
export const ASSIGNMENT_FIELDS = 'skillId,agentProficiencyValue,isActive';

/** Older versions and clients have it, the documents of v34.0 do not. */
const ALL: Listing = { path: '/skills', query: {}, fields: 'skillId,skillName,isActive', names: ['skills'], optional: true };
const ACTIVITY: Listing = { path: '/skills/activity', query: {}, fields: '', names: ['skillActivity'] };

/** How the server says that somebody was quicker: the same as 409 where there is one. */
const TAKEN = /\b(already|not) (been |currently )?assigned\b/i;

export function createSkills(lists: Lists, requests: Requests, origin: string): SkillsPort {
  let listing = ALL;

  return {
    async skills(accessToken) {
      let answer = await lists.all(accessToken, listing, keyOf);
      if (listing === ALL && 'status' in answer && answer.status === 404) {
        // Learned: this version has no such list, and asking again would be told the same.
        listing = ACTIVITY;
        answer = await lists.all(accessToken, listing, keyOf);
      }
      if (answer.outcome !== 'ok') return answer;
      const { atMs, requestId, page } = answer;
      return { outcome: 'ok', skills: page.rows.flatMap(readSkill), atMs, requestId };
    },

    async assignments(accessToken, userId) {
      if (unaskable(userId)) return malformed(origin, 'agentId');
      const answer = await lists.all(accessToken, assignmentsOf(userId), keyOf);
      if (answer.outcome !== 'ok') return answer;
      const { atMs, requestId, page } = answer;
      return { outcome: 'ok', ...readAssignments(page.rows, userId), atMs, requestId };
    },

    async write(accessToken, wish, held) {
      if (unaskable(wish.userId)) return notSent('agentId');
      const told = await requests.tell(agentPath(wish.userId, '/skills'), accessToken, orderFor(wish, held));
      if (told.outcome !== 'done') return told;
      const { status, requestId, atMs } = told;
      const item = itemOf(told.json, wish.skillId);
      const detail = cleaned(item.error, accessToken);
      if (item.done === null) return unclear(status, detail || 'skillResults', requestId);
      if (!item.done) return { outcome: TAKEN.test(detail) ? 'conflict' : 'refused', status, detail, requestId };
      return { outcome: 'applied', held: wish.held === null ? null : undefined, status, requestId, atMs } satisfies WriteAnswer;
    },
  };
}

function assignmentsOf(userId: AgentId): Listing {
  return { path: agentPath(userId, '/skills'), query: {}, fields: ASSIGNMENT_FIELDS, names: ['agentSkillAssignments'] };
}

/** What cannot be read is all that tells two rows apart. */
function keyOf(row: unknown): string {
  return (isRecord(row) && idText(row.skillId)) || JSON.stringify(row);
}

/** A skill that says nothing of itself is taken for active; one nobody can read is left out. */
function readSkill(row: unknown): Skill[] {
  const skillId = isRecord(row) ? idText(row.skillId) : '';
  if (!isRecord(row) || skillId === '') return [];
  return [{ skillId, name: text(row.skillName), active: bool(row.isActive) !== false }];
}

/** What can be read, and the skills of which nobody can tell what is held; '' stands for a row that does not even name its skill. */
export function readAssignments(rows: readonly unknown[], userId: AgentId): { assignments: Assignment[]; unread: string[] } {
  const assignments: Assignment[] = [];
  const unread: string[] = [];
  for (const row of rows) {
    const skillId = isRecord(row) ? idText(row.skillId) : '';
    const held = isRecord(row) && skillId !== '' ? readHeld(row) : null;
    if (held) assignments.push({ userId, skillId, held });
    else unread.push(skillId);
  }
  return { assignments, unread };
}

function readHeld({ agentProficiencyValue, proficiency, isActive }: Record<string, unknown>): Held | null {
  const level = count(agentProficiencyValue ?? proficiency);
  return level === null ? null : { level, availableFromAt: '', availableToAt: '', active: bool(isActive) !== false };
}

/** Assign, modify (which needs `isActive`), or take away, which has a body too. */
function orderFor({ skillId, held: wanted }: Wish, held: Held | null): Order {
  if (wanted === null) return { method: 'DELETE', body: { skills: [{ skillId }] } };
  const item = { skillId, proficiency: wanted.level, isActive: wanted.active };
  return { method: held === null ? 'POST' : 'PUT', body: { skills: [item] } };
}

/** What became of the one item that was sent. `done` null: the answer does not say. */
function itemOf(json: unknown, skillId: string): { done: boolean | null; error: unknown } {
  const top = isRecord(json) ? json : {};
  // Older versions say it at the top.
  const holder = [top.resultSet, top.resultset, top].filter(isRecord).find((each) => Array.isArray(each.skillResults)) ?? top;
  const results: unknown[] = Array.isArray(holder.skillResults) ? holder.skillResults : [];
  const named = results.filter(isRecord).find((each) => idText(each.skillId) === skillId);
  const failures = count(holder.errorCount ?? top.errorCount);
  // One item was sent: what failed is that one, whatever it is called.
  const item = named ?? (failures !== null && failures > 0 ? results.find(isRecord) : undefined);
  if (item === undefined) return { done: failures !== null && failures > 0 ? false : null, error: '' };
  const said = bool(item.success);
  const error = item.error ?? item.errorDescription ?? '';
  if (said === null) return { done: failures === 0 ? true : failures === null ? null : false, error };
  // It cannot both have worked and be counted as failed.
  return { done: said && failures !== null && failures > 0 ? null : said, error };
}
