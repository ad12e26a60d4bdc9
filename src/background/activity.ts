/** What CXone tells of the moment or the week: asked for while a page shows it, shared by all who ask, and never stored. */
import type { Auth } from '../auth/auth.ts';
import type { Answer, CxonePort } from '../cxone/port.ts';
import type { AgentId } from '../domain/agent-state.ts';
import type { Connection, ConnectionId } from '../domain/connection.ts';
import type { AgentFigures, Figures } from '../domain/figures.ts';
import { MAX_RETRY_AFTER_MS } from '../domain/retry-after.ts';
import type { Activity, SkillActivity } from '../domain/skill-activity.ts';
import { loadKnown } from '../storage/poll-store.ts';
import { type Config, hostsMissing } from './config.ts';

/** However many pages ask, and however often. */
const SPACING_MS = 30_000;
const WEEK_SPACING_MS = 15 * 60_000;
const WEEK_MS = 7 * 24 * 3_600_000;

/** @param portOf the profile's port for a connection */
export const createActivity = (
  auth: Auth,
  portOf: (connection: Connection) => CxonePort,
): ((config: Config) => Promise<Activity>) =>
  createSource<{ skills: SkillActivity[] }>(auth, portOf, {
    name: 'activity',
    spacingMs: SPACING_MS,
    nothing: { skills: [] },
    questionOf: ({ activity }) => activity,
    take: ({ skills }) => ({ skills }),
  });

/** Of everybody: one question for all agents that are looked at. */
export type EverybodysFigures = Omit<AgentFigures, 'figures'> & { figures: ReadonlyMap<AgentId, Figures> };

/** Likewise. */
export const createFigures = (
  auth: Auth,
  portOf: (connection: Connection) => CxonePort,
): ((config: Config) => Promise<EverybodysFigures>) =>
  createSource<Pick<EverybodysFigures, 'figures'>>(auth, portOf, {
    name: 'figures',
    spacingMs: WEEK_SPACING_MS,
    nothing: { figures: new Map() },
    questionOf: ({ figures }) => figures && ((token) => figures(token, Date.now() - WEEK_MS, Date.now())),
    take: ({ figures }) => ({ figures }),
  });

type Told<T> = T & Pick<Activity, 'supported' | 'atMs' | 'problem'>;

interface Source<T> {
  name: string;
  spacingMs: number;
  nothing: T;
  /** Undefined where the API has no such thing. */
  questionOf(port: CxonePort): ((accessToken: string) => Promise<Answer<T>>) | undefined;
  take(answer: T): T;
}

interface Kept<T> {
  askedMs: number;
  /** Not asked again before then. */
  untilMs: number;
  /** Another token may be another person's, who may see others. */
  accessToken: string;
  told: Told<T>;
}

function createSource<T>(
  auth: Auth,
  portOf: (connection: Connection) => CxonePort,
  { name, spacingMs, nothing, questionOf, take }: Source<T>,
): (config: Config) => Promise<Told<T>> {
  const kept = new Map<ConnectionId, Kept<T>>();
  const unsupported: Told<T> = { supported: false, ...nothing, atMs: 0, problem: null };
  const nothingYet: Told<T> = { ...unsupported, supported: true };
  // One at a time: who comes second gets what the first was told.
  return ({ connection }) => navigator.locks.request(`${name}:${connection.id}`, () => look(connection)) as Promise<Told<T>>;

  async function look(connection: Connection): Promise<Told<T>> {
    const { id } = connection;
    const question = questionOf(portOf(connection));
    if (!question) return unsupported;
    // The problem's banner says what is missing.
    if (connection.apiBaseUrl === '' || (await hostsMissing(connection)).length > 0) return nothingYet;
    const last = kept.get(id);
    const token = await auth.accessToken(connection);
    if (!token.ok) return token.transient && last ? { ...last.told, problem: 'offline' } : nothingYet;
    const nowMs = Date.now();
    const known = last?.accessToken === token.access.token ? last : null;
    // A time asked that lies ahead comes from a clock that was put back.
    const soon = known && nowMs >= known.askedMs && nowMs < known.untilMs;
    if (known && (soon || !known.told.supported)) return known.told;
    const before = known?.told ?? nothingYet;
    const { notBeforeMs } = (await loadKnown(id)).state;
    // And so does a mark further ahead than it can have been set.
    if (nowMs < notBeforeMs && notBeforeMs <= nowMs + MAX_RETRY_AFTER_MS) return { ...before, problem: 'rateLimited' };
    let accessToken = token.access.token;
    let answer = await question(accessToken);
    if (answer.outcome === 'unauthorized') {
      const again = await auth.accessToken(connection, token.access);
      if (again.ok) {
        accessToken = again.access.token;
        answer = await question(accessToken);
      }
    }
    const told = resultOf(answer, before);
    const toldMs = 'status' in answer ? answer.notBeforeMs : 0;
    const untilMs = nowMs + (told.problem === null ? spacingMs : SPACING_MS);
    kept.set(id, { askedMs: nowMs, untilMs: Math.max(untilMs, toldMs), accessToken, told });
    return told;
  }

  function resultOf(answer: Answer<T>, before: Told<T>): Told<T> {
    if (answer.outcome === 'ok') return { supported: true, ...take(answer), atMs: Date.now(), problem: null };
    // An API of this kind, and a version or gateway without this path.
    if (answer.status === 404) return unsupported;
    // What one may not see any more is not to stay on screen.
    return { ...(answer.outcome === 'forbidden' ? nothingYet : before), problem: answer.outcome };
  }
}
