/**
 * Skills by seed 003: routing strategies say which are in use, `skill-assignments` what a user holds, licences whether it has any effect. The
 * seed names no way to take a skill away.
 */
import type { AgentId } from '../../../domain/agent-state.ts';
import type { Connection } from '../../../domain/connection.ts';
import type { Exchange } from '../../../domain/http.ts';
import type { Assignment, Held, Skill, Wish } from '../../../domain/skills/assignment.ts';
import type { Performance } from '../../../domain/skills/suggest.ts';
import { ask } from '../../ask.ts';
import { secondsIso } from '../../history-page.ts';
import type { SkillsPort, WriteAnswer } from '../../port.ts';
import { notSent, tell, unclear } from '../../tell.ts';
import { malformed } from '../../values.ts';
import { allRows, listIn } from './pages.ts';
import { idText, isRecord, momentOf, text } from './values.ts';

const ASSIGNMENTS = ['entities', 'skillAssignments', 'assignments', 'items'];
const LICENCES = ['licenses', 'entities', 'items'];
/** Which licences let a user be routed to (seed 003, step 1). */
const ROUTED = ['routing', 'agent'];
const NOT_HELD = /inactive|expired|suspended|revoked|disabled/i;

export function v2Skills(connection: Connection, exchange: Exchange): Required<SkillsPort> {
  const { apiBaseUrl: origin, apiPrefix } = connection;
  const get = (path: string, accessToken: string) => ask(exchange, origin + apiPrefix + path, accessToken);

  /** Nothing is an id of everybody, and dots alone would climb out of the path. */
  const unaskable = (userId: AgentId) => /^\.*$/.test(userId);

  return {
    async skills(accessToken) {
      const page = (query: string) => get(`/routing/strategies${query}`, accessToken);
      const answer = await allRows(page, ['entities', 'items', 'strategies'], true, origin);
      if (answer.outcome !== 'ok') return answer;
      const { rows, ...rest } = answer;
      return { ...rest, skills: skillsOf(rows) };
    },

    async assignments(accessToken, userId) {
      if (unaskable(userId)) return malformed(origin, 'userId', '');
      const page = (query: string) => get(`${pathOf(userId)}/skill-assignments${query}`, accessToken);
      const answer = await allRows(page, ASSIGNMENTS, false, origin);
      if (answer.outcome !== 'ok') return answer;
      const { rows, ...rest } = answer;
      return { ...rest, ...readAssignments(rows, userId) };
    },

    async write(accessToken, wish) {
      const { userId, skillId, held } = wish;
      if (held === null) return notSent('removal');
      if (unaskable(userId)) return notSent('userId');
      const { level, availableFromAt, availableToAt } = held;
      const body = {
        skillId,
        level,
        ...(availableFromAt !== '' && { availableFrom: availableFromAt }),
        ...(availableToAt !== '' && { availableTo: availableToAt }),
      };
      const url = `${origin}${apiPrefix}${pathOf(userId)}/skill-assignments`;
      const told = await tell(exchange, url, accessToken, { method: 'POST', body });
      if (told.outcome !== 'done') return told;
      const { status, requestId, atMs, json, partial } = told;
      const answered = heldIn(json, wish);
      // One item of one: a part of it is nothing one could build on.
      if (partial && answered === undefined) return unclear(status, 'partial', requestId);
      return { outcome: 'applied', held: answered, status, requestId, atMs } satisfies WriteAnswer;
    },

    async entitled(accessToken, userId) {
      if (unaskable(userId)) return malformed(origin, 'userId', '');
      const asked = await get(`${pathOf(userId)}/licenses`, accessToken);
      if (asked.outcome !== 'ok' && asked.outcome !== 'noContent') return asked;
      const { atMs, requestId } = asked;
      const rows = asked.outcome === 'ok' ? listIn(asked.json, LICENCES) : [];
      if (!rows) return malformed(origin, 'envelope', requestId);
      return { outcome: 'ok', entitled: rows.some(isRouted), atMs, requestId };
    },

    async performance(accessToken, userId) {
      const url = `${origin}${apiPrefix}/analytics/users/details/query?pageSize=1`;
      const asked = await ask(exchange, url, accessToken, queryFor(userId));
      if (asked.outcome !== 'ok' && asked.outcome !== 'noContent') return asked;
      const { atMs, requestId } = asked;
      const rows = asked.outcome === 'ok' ? listIn(asked.json, ['data', 'entities', 'results']) : [];
      if (!rows) return malformed(origin, 'envelope', requestId);
      const performance = rows.map((row) => figuresOf(row, userId)).find((each) => each !== null) ?? null;
      return { outcome: 'ok', performance, atMs, requestId };
    },
  };
}

/** Half a pair of surrogates cannot be encoded: an id with one is nobody's. */
const pathOf = (userId: AgentId) => `/users/${encodeURIComponent(userId.replaceAll(/\p{Cs}/gu, '\ufffd'))}`;

/** Every skill that a strategy names, once; a strategy or skill that cannot be read is left out. */
function skillsOf(strategies: readonly unknown[]): Skill[] {
  const found = new Map<string, Skill>();
  for (const strategy of strategies) {
    if (!isRecord(strategy) || !Array.isArray(strategy.skills)) continue;
    const active = text(strategy.status).toLowerCase() === 'active';
    for (const each of strategy.skills) {
      const skillId = skillIdOf(each);
      if (skillId === '') continue;
      const known = found.get(skillId);
      const name = known?.name || (isRecord(each) ? text(each.name) || text(each.skillName) : '');
      found.set(skillId, { skillId, name, active: active || (known?.active ?? false) });
    }
  }
  return [...found.values()];
}

/** Ids as they are, or in objects: the seed looks for them in either. */
function skillIdOf(value: unknown): string {
  return isRecord(value) ? idText(value.skillId) || idText(value.id) : idText(value);
}

/** What can be read, and the skills of which nobody can tell what is held; '' stands for a row that does not even name its skill. */
export function readAssignments(rows: readonly unknown[], userId: AgentId): { assignments: Assignment[]; unread: string[] } {
  const bySkill = new Map<string, Held | null>();
  for (const row of rows) {
    if (!isRecord(row)) {
      bySkill.set('', null);
      continue;
    }
    const whose = idText(row.userId);
    // A server that overlooks whose were asked for is not to mix people up.
    if (whose !== '' && whose.toLowerCase() !== userId.toLowerCase()) continue;
    const skillId = skillIdOf(row.skillId ?? row.skill);
    // Held twice: which of them a write would change, nobody knows.
    bySkill.set(skillId, skillId === '' || bySkill.has(skillId) ? null : readHeld(row));
  }
  const all = [...bySkill];
  return {
    assignments: all.flatMap(([skillId, held]) => (held ? [{ userId, skillId, held }] : [])),
    unread: all.flatMap(([skillId, held]) => (held ? [] : [skillId])),
  };
}

function readHeld({ level, availableFrom, availableTo }: Record<string, unknown>): Held | null {
  const number = typeof level === 'string' && /^\d{1,3}$/.test(level) ? Number(level) : level;
  const availableFromAt = boundOf(availableFrom);
  const availableToAt = boundOf(availableTo);
  if (!Number.isSafeInteger(number) || availableFromAt === null || availableToAt === null) return null;
  return { level: Number(number), availableFromAt, availableToAt, active: true };
}

/** UTC, whole seconds; '' = no bound; null: nobody can read it. */
function boundOf(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return '';
  const ms = momentOf(value);
  return Number.isNaN(ms) || Math.abs(ms) > MAX_MS ? null : secondsIso(ms);
}
/** The last moment that is written with four digits of year. */
const MAX_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** What the answer to a write says is held now; undefined where it does not tell, or tells of something else. */
function heldIn(json: unknown, { userId, skillId }: Wish): Held | undefined {
  if (!isRecord(json) || skillIdOf(json.skillId ?? json.skill) !== skillId) return undefined;
  const whose = idText(json.userId);
  if (whose !== '' && whose.toLowerCase() !== userId.toLowerCase()) return undefined;
  return readHeld(json) ?? undefined;
}

/** A licence that says nothing of its state is held. */
function isRouted(row: unknown): boolean {
  if (!isRecord(row)) return false;
  return ROUTED.includes(text(row.licenseType).toLowerCase()) && !NOT_HELD.test(text(row.status));
}

function queryFor(userId: AgentId): object {
  return {
    interval: 'P7D',
    groupBy: ['userId'],
    metrics: ['talkTime', 'handleTime', 'resolutionRate'],
    filters: [{ dimension: 'userId', operator: 'eq', value: userId }],
  };
}

function figuresOf(row: unknown, userId: AgentId): Performance | null {
  if (!isRecord(row)) return null;
  const whose = idText(row.userId);
  if (whose !== '' && whose.toLowerCase() !== userId.toLowerCase()) return null;
  const figures = isRecord(row.metrics) ? { ...row, ...row.metrics } : row;
  const talkTime = figure(figures.talkTime);
  const handleTime = figure(figures.handleTime);
  if (talkTime === null || handleTime === null) return null;
  const rate = figure(figures.resolutionRate);
  return { talkTime, handleTime, resolutionRate: rate !== null && rate <= 1 ? rate : null };
}

function figure(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : null;
}
