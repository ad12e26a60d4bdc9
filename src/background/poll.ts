/**
 * The poll: wake, load what is known, ask, compare, write what changed (DESIGN section 6).
 * Idempotent at each wake; one at a time; all that it learned is committed in one transaction, and shown and told of afterwards.
 */
import browser from 'webextension-polyfill';
import type { Auth } from '../auth/auth.ts';
import type { CxonePort, Failure, StatesAnswer } from '../cxone/port.ts';
import { malformed } from '../cxone/values.ts';
import type { AgentId } from '../domain/agent-state.ts';
import { planAlerts } from '../domain/alerts.ts';
import type { AuthStatus } from '../domain/auth-status.ts';
import type { Connection, ConnectionId } from '../domain/connection.ts';
import { NOT_FOUND } from '../domain/discovered.ts';
import type { PollOutcome } from '../domain/problem.ts';
import { inQuietHours, localClock } from '../domain/quiet.ts';
import { MAX_RETRY_AFTER_MS } from '../domain/retry-after.ts';
import { isGap, nextPollMs } from '../domain/schedule.ts';
import { type Comparison, compare, newSlot, placesOf } from '../domain/snapshot.ts';
import { authStatusItem, discoveredItem, storageFailedItem } from '../storage/items.ts';
import { log } from '../storage/log.ts';
import { type AlertRecord, commitPoll, type Known, loadKnown, type PollState } from '../storage/poll-store.ts';
import { pollAlarm } from './alarms.ts';
import { chaosStep } from './chaos-step.ts';
import { type Config, hostsMissing } from './config.ts';
import { reasonNames } from './desk.ts';
import { absentNow, afterEmpty, afterFailure, afterList, isUnreadable, singlesToAsk, wasMissing } from './poll-state.ts';
import { readPulse, writePulse } from './pulse.ts';
import { recall } from './recent.ts';
import { ALERT_LINES, problemOf, type Surroundings, surroundingsOf, watchedStates } from './view.ts';

/** Open pages ask every 5 s; a little less, so that their clock and ours need not agree. */
const LIVE_MS = 4_500;
const LIVE_BACKOFF_MAX_MS = 60_000;
const SINGLES_AT_A_TIME = 5;
/** What deltas may have missed is put right so often (DESIGN section 6). */
const FULL_MS = 5 * 60_000;
const LOCKED_AFTER_SECONDS = 60;
/** An alarm this near to the wished time is left alone: setting it again is a write. */
const ALARM_SLACK = 0.2;

export type PollReason = 'alarm' | 'page';

export interface Polled {
  /** False when another poll was running, none was due, or there is nobody to ask as. */
  asked: boolean;
  /** What is known afterwards, and what was read with it; null when it was not looked at. */
  known: Known | null;
  around: Surroundings | null;
}

const NOT_ASKED: Polled = { asked: false, known: null, around: null };

export interface Poller {
  poll(config: Config, reason: PollReason): Promise<Polled>;
}

interface List extends StatesAnswer {
  atMs: number;
  readRow: CxonePort['readRow'];
  receivedMs: number;
  /** Asks for one agent alone. */
  single(agentId: AgentId): Promise<{ rows: unknown[]; notBeforeMs: number }>;
}

/** The rows a snapshot was made of, as long as the worker lives: those that come again as the very objects are not read again. */
interface Steady {
  ids: readonly AgentId[];
  rows: readonly unknown[];
}

/** @param portOf the profile's port for a connection */
export function createPoller(auth: Auth, portOf: (connection: Connection) => CxonePort): Poller {
  const steady = new Map<ConnectionId, Steady>();

  /** When the last poll had its answers: what was answered since, it has not seen. */
  const polledMs = new Map<string, number>();
  return {
    poll: (config, reason) =>
      navigator.locks.request(`poll:${config.connection.id}`, { ifAvailable: true }, async (lock) =>
        lock ? run(config, reason) : NOT_ASKED,
      ) as Promise<Polled>,
  };

  async function run(config: Config, reason: PollReason): Promise<Polled> {
    const { connection, settings } = config;
    const startMs = Date.now();
    const loading = loadKnown(connection.id);
    const [pulse, locked] = await Promise.all([readPulse(connection.id), isLocked()]);
    const before = await loading;
    const { state } = before;
    // A mark further ahead than it can have been set comes from a clock that was put back.
    const waits = startMs < state.notBeforeMs && state.notBeforeMs <= startMs + MAX_RETRY_AFTER_MS;
    const soon = startMs >= pulse.askedMs && startMs < pulse.askedMs + spacingMs(reason, state.failures);
    if (waits || soon) {
      await schedule(config, state, locked, startMs);
      return NOT_ASKED;
    }
    const gap = isGap({ lastOkMs: pulse.okMs, nowMs: startMs, pollSeconds: settings.pollSeconds, locked });
    const places = placesOf(before.snapshot, settings.watchedAgentIds);
    const unheardOf = settings.watchedAgentIds.some((id) => !places.has(id) && !Object.hasOwn(state.missing, id));
    const everybody = gap || unheardOf || state.failures > 0 || startMs < pulse.fullMs || startMs - pulse.fullMs >= FULL_MS;
    const asking = askStates(connection, everybody ? '' : pulse.watermark);
    // Read while CXone is thinking.
    const reading = surroundingsOf(config).catch(() => null);
    const answer = await asking;
    if (answer === null) return NOT_ASKED;
    await chaosStep('poll:answered');
    const around = (await reading) ?? (await surroundingsOf(config));
    const { known, comparison, outcome } =
      'rows' in answer
        ? await takeIn(before, answer, {
            watched: settings.watchedAgentIds,
            gap,
            lastOkMs: pulse.okMs,
            steady: steadyRows(steady.get(connection.id), before),
          })
        : { ...afterFailure(before, answer, pulse.okMs), comparison: null };
    polledMs.set(connection.id, Date.now());
    const alerts = plan(config, known, comparison, await authStatusItem(connection.id).get(), around);
    const storageFailedSinceMs = await commit(connection.id, {
      known,
      before,
      transitions: comparison?.transitions ?? [],
      alerts,
    });
    // What was not written down is not what the next poll begins with.
    if (storageFailedSinceMs === 0 && comparison) steady.set(connection.id, { ids: known.snapshot.ids, rows: comparison.steady });
    else steady.delete(connection.id);
    await chaosStep('poll:committed');
    const nextMs = await schedule(config, known.state, locked, Date.now());
    const good = outcome === 'ok' || outcome === 'unchanged' || outcome === 'partial';
    const { watermark = pulse.watermark, delta = true } = 'rows' in answer ? answer : {};
    const fullMs = good && !delta ? startMs : pulse.fullMs;
    const okMs = good ? startMs : pulse.okMs;
    await writePulse(connection.id, { okMs, askedMs: startMs, nextMs, outcome, watermark, fullMs }, config.active);
    if (outcome !== pulse.outcome && !(good && pulse.outcome !== null && isGood(pulse.outcome)))
      await log('poll', {
        connection: connection.id,
        outcome,
        status: known.state.status,
        // Names of fields; of any other outcome it is the server's own words, and a name or a token may stand in those.
        ...(outcome === 'partial' || outcome === 'malformed' ? { field: known.state.detail } : {}),
      });
    const newestFirst = [...alerts, ...around.alerts].sort((a, b) => b.atMs - a.atMs);
    return { asked: true, known, around: { ...around, storageFailedSinceMs, alerts: newestFirst.slice(0, ALERT_LINES) } };
  }

  /** Token and list; 401 is worth one renewal. Null when there is nobody to ask as. */
  async function askStates(connection: Connection, since: string): Promise<List | Failure | null> {
    const failure = (outcome: Failure['outcome'], detail: string): Failure => ({
      outcome,
      status: 0,
      detail,
      notBeforeMs: 0,
      origin: connection.apiBaseUrl,
      requestId: '',
    });
    // Of the public API the address is found with the first token: until then there is nobody to ask.
    if (connection.apiBaseUrl === '') {
      const { notFound } = await discoveredItem(connection.id).get();
      return notFound && failure('offline', `${NOT_FOUND}:${notFound.mistake}:${notFound.where}`);
    }
    if ((await hostsMissing(connection)).length > 0) return failure('offline', 'hostAccess');
    const port = portOf(connection);
    let token = await auth.accessToken(connection);
    if (!token.ok) {
      if (!token.transient || token.failure === null) return null;
      return failure(token.failure === 'providerError' ? 'serverError' : 'offline', token.failure);
    }
    await chaosStep('poll:asking');
    // Only an API with a list of reasons gives codes without their names.
    const naming = port.reasons && reasonNames(connection.id);
    let answer = await port.states(token.access.token, since);
    if (answer.outcome === 'unauthorized') {
      const again = await auth.accessToken(connection, token.access);
      if (!again.ok) return again.failure === null ? null : answer;
      token = again;
      answer = await port.states(token.access.token, since);
    }
    if (answer.outcome !== 'ok') return answer;
    const { access } = token;
    const names = await naming;
    const single = async (agentId: AgentId) => {
      // A diagnosis may have asked since the last poll.
      const path = port.pathOf('statesOf', agentId);
      const recent = recall<Awaited<ReturnType<CxonePort['statesOf']>>>(
        connection.id,
        path,
        access.token,
        polledMs.get(connection.id),
      );
      const one = await (recent ?? port.statesOf(access.token, agentId));
      return one.outcome === 'ok' ? { rows: one.rows, notBeforeMs: 0 } : { rows: [], notBeforeMs: one.notBeforeMs };
    };
    const readRow: List['readRow'] = (row, slot) => port.readRow(row, slot, names);
    const { rows, watermark, delta, atMs } = answer;
    return { rows, watermark, delta, atMs, receivedMs: Date.now(), readRow, single };
  }
}

/** Empty where the snapshot is another than the one the rows were kept of. */
function steadyRows(kept: Steady | undefined, { snapshot: { ids } }: Known): readonly unknown[] {
  const isSame = kept?.ids.length === ids.length && ids.every((agentId, index) => agentId === kept.ids[index]);
  return isSame ? kept.rows : [];
}

interface TakenUnder {
  watched: readonly AgentId[];
  gap: boolean;
  lastOkMs: number;
  /** As for `compare`. */
  steady: readonly unknown[];
}

async function takeIn(
  before: Known,
  list: List,
  { watched, gap, lastOkMs, steady }: TakenUnder,
): Promise<{ known: Known; comparison: Comparison | null; outcome: PollOutcome }> {
  const { delta, atMs, readRow } = list;
  // Nobody has changed since: that is an answer, and not an empty list.
  if (delta && list.rows.length === 0) {
    const unchanged = { outcome: 'unchanged', status: 200, detail: '', origin: '', notBeforeMs: 0, requestId: '' } as const;
    return { ...afterFailure(before, unchanged, lastOkMs), comparison: null };
  }
  const read = (rows: readonly unknown[]) =>
    compare(before.snapshot, { rows, read: readRow, atMs, gap, missing: wasMissing(before.state), delta, steady });
  let { rows } = list;
  let comparison = read(rows);
  let absent = delta ? stillMissing(before.state, rows, readRow) : absentNow(comparison, watched);
  // A delta says nothing about whom it does not name.
  const askedFor = delta || isUnreadable(comparison, rows.length) ? [] : singlesToAsk(before.state, watched, absent, Date.now());
  let notBeforeMs = 0;
  if (askedFor.length > 0) {
    const singles = await askSingly(askedFor, list);
    ({ notBeforeMs } = singles);
    const found = singles.rows;
    if (found.length > 0) {
      rows = [...rows, ...found];
      comparison = read(rows);
      absent = absentNow(comparison, watched);
    }
  }
  if (isUnreadable(comparison, rows.length)) {
    const { badRows, badFields } = comparison;
    const failure = malformed('', badFields.join(','));
    return { ...afterFailure(before, failure, lastOkMs, { badRows, allRows: rows.length }), comparison: null };
  }
  const at = { nowMs: list.receivedMs, lastOkMs, atMs, askedFor, notBeforeMs };
  if (rows.length === 0) return { ...afterEmpty(before, watched, at), comparison: null };
  return { ...afterList(before, comparison, { ...at, watched, absent, allRows: rows.length }), comparison };
}

/** Who was missing and is not named by a delta either. */
function stillMissing({ missing }: PollState, rows: readonly unknown[], read: CxonePort['readRow']): Set<AgentId> {
  const slot = newSlot();
  const named = new Set(rows.flatMap((row) => (read(row, slot) === null ? [slot.agentId] : [])));
  return new Set(Object.keys(missing).filter((agentId) => !named.has(agentId)));
}

/** A few at a time, until one is answered with "not so fast". Rows nobody can read are nobody's: they say nothing about the list. */
async function askSingly(
  agentIds: readonly AgentId[],
  { single, readRow }: List,
): Promise<{ rows: unknown[]; notBeforeMs: number }> {
  const waiting = [...agentIds];
  const rows: unknown[] = [];
  let notBeforeMs = 0;
  const slot = newSlot();
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined && notBeforeMs === 0; next = waiting.shift()) {
      const answer = await single(next);
      notBeforeMs = Math.max(notBeforeMs, answer.notBeforeMs);
      rows.push(...answer.rows.filter((row) => readRow(row, slot) === null));
    }
  };
  await Promise.all(Array.from({ length: SINGLES_AT_A_TIME }, work));
  return { rows, notBeforeMs };
}

/** Alerts of this poll, on the server's clock as states are; what was said is remembered in `known`. */
function plan(
  config: Config,
  known: Known,
  comparison: Comparison | null,
  auth: AuthStatus,
  around: Surroundings,
): AlertRecord[] {
  const { connection, settings } = config;
  const { snoozes } = around;
  const problem = problemOf(config, known, auth, around);
  const { skewMs, missing, memory } = known.state;
  const nowMs = Date.now();
  const planned = planAlerts({
    transitions: comparison?.transitions ?? [],
    watched: comparison
      ? watchedStates(known.snapshot, settings.watchedAgentIds).filter(({ agentId }) => !Object.hasOwn(missing, agentId))
      : [],
    watchedIds: settings.watchedAgentIds,
    rules: settings.rules,
    snoozedUntilMs: snoozes.allUntilMs - skewMs,
    snoozedAgents: Object.fromEntries(Object.entries(snoozes.agents).map(([agentId, untilMs]) => [agentId, untilMs - skewMs])),
    memory,
    problem: problem && { ...problem, sinceMs: problem.sinceMs - skewMs },
    nowMs: nowMs - skewMs,
    quietNow: inQuietHours(settings.quietHours, nowMs, localClock),
  });
  known.state = { ...known.state, memory: planned.memory };
  const summed = new Set(planned.show.summary?.alerts ?? []);
  return planned.alerts.map((alert) => ({
    ...alert,
    connectionId: connection.id,
    delivered: alert.silent && !summed.has(alert),
    foundMs: nowMs,
  }));
}

/**
 * A full disk must not stop the watching, only the remembering; and it must be said.
 * @returns since when nothing can be written, 0 when it can
 */
async function commit(connectionId: string, turn: Parameters<typeof commitPoll>[1]): Promise<number> {
  try {
    await commitPoll(connectionId, turn);
    return await storageFailedItem.update(() => 0);
  } catch {
    return storageFailedItem.update((since) => since || Date.now());
  }
}

function spacingMs(reason: PollReason, failures: number): number {
  return reason === 'alarm' ? 0 : Math.min(LIVE_MS * 2 ** failures, LIVE_BACKOFF_MAX_MS);
}

function isGood(outcome: PollOutcome): boolean {
  return outcome === 'ok' || outcome === 'unchanged' || outcome === 'partial';
}

async function isLocked(): Promise<boolean> {
  return (await browser.idle.queryState(LOCKED_AFTER_SECONDS)) === 'locked';
}

/**
 * Sets the alarm, with a period behind it: a worker killed in the middle of a poll is woken all the same.
 * @returns when the next poll is due, epoch ms
 */
async function schedule(
  { connection, settings, active }: Config,
  state: PollState,
  locked: boolean,
  nowMs: number,
): Promise<number> {
  const { pollSeconds } = settings;
  const wishedMs = nextPollMs({
    nowMs,
    pollSeconds,
    notBeforeMs: state.notBeforeMs,
    failures: state.failures,
    locked,
    random: Math.random(),
  });
  const name = pollAlarm(connection.id, active);
  const alarm = await browser.alarms.get(name);
  const periodInMinutes = pollSeconds / 60;
  if (
    alarm?.periodInMinutes === periodInMinutes &&
    alarm.scheduledTime > nowMs &&
    Math.abs(alarm.scheduledTime - wishedMs) <= ALARM_SLACK * (wishedMs - nowMs)
  )
    return alarm.scheduledTime;
  await browser.alarms.create(name, { when: wishedMs, periodInMinutes });
  return wishedMs;
}
