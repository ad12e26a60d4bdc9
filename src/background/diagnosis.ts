/**
 * The diagnosis: why is there no state? Which check comes next is decided from the evidence (domain/diagnosis/next-step.ts), here it is made,
 * written down after every step, and shown. One at a time. A worker killed in the middle goes on at its next start, or says that it cannot.
 */
import type { Auth } from '../auth/auth.ts';
import type { CxonePort } from '../cxone/port.ts';
import type { AgentId } from '../domain/agent-state.ts';
import type { Connection, ConnectionId } from '../domain/connection.ts';
import { hostOf } from '../domain/connection-hosts.ts';
import { type AgentEvidence, CHECKS, type SharedEvidence } from '../domain/diagnosis/evidence.ts';
import { expectedKind, idKind } from '../domain/diagnosis/id-kind.ts';
import { LAG_MS } from '../domain/diagnosis/limits.ts';
import { nextStep } from '../domain/diagnosis/next-step.ts';
import { type DiagnosisRun, evidenceOf, type KnownCause } from '../domain/diagnosis/run.ts';
import { knownCause, listCause } from '../domain/diagnosis/top-cause.ts';
import { placesOf, stateAt } from '../domain/snapshot.ts';
import { publish, readPublished } from '../messages/published.ts';
import { diagnosesOf, keepDiagnosis } from '../storage/diagnosis-store.ts';
import { authStatusItem, backgroundRunsItem, causesItem } from '../storage/items.ts';
import { log } from '../storage/log.ts';
import { commitPoll, type Known, loadKnown, transitionsOf } from '../storage/poll-store.ts';
import type { Config } from './config.ts';
import { Over, type Work } from './diagnosis-ask.ts';
import { CHECK } from './diagnosis-checks.ts';
import { readPulse } from './pulse.ts';
import { clock } from './view.ts';

/** A run found under way at a start goes on if it was alive so lately; else too much may have changed. */
const RESUME_MS = 60_000;
/** Without being asked for: the same symptom once in this time, and all symptoms together so often. */
const BACKGROUND_MS = 15 * 60_000;
const BACKGROUND_RUNS = 4;
/** A watched agent missing from so many polls in a row is looked into. */
const MISSING_POLLS = 2;
/** As many known ids show what ids look like in this tenant. */
const SAMPLE = 50;

export interface Diagnoser {
  /** @returns the id of the run that is under way from now on; '' when one by itself gave way to another */
  begin(config: Config, agentIds: readonly AgentId[], by: DiagnosisRun['by'], before?: string): Promise<string>;
  cancel(): Promise<void>;
  /** Stops for something else: what was being looked into by itself is looked into later. */
  giveWay(): Promise<void>;
  /** At a start of the worker. */
  resume(config: Config): Promise<void>;
  /** After a poll: a symptom that nobody has asked about yet is looked into by itself. */
  byItself(config: Config, known: Known): Promise<void>;
}

interface Current {
  run: DiagnosisRun;
  abort: AbortController;
  ended: Promise<void>;
}

/** @param ended called after a run has found something that changes what is shown */
export function createDiagnoser(
  auth: Auth,
  portOf: (connection: Connection) => CxonePort,
  ended: () => Promise<void>,
): Diagnoser {
  let current: Current | null = null;

  /** One after the other: a page that repeats its question must not start two. */
  const begin: Diagnoser['begin'] = (...question) =>
    navigator.locks.request('diagnosis', () => start(...question)) as Promise<string>;

  async function start(config: Config, agentIds: readonly AgentId[], by: DiagnosisRun['by'], before?: string): Promise<string> {
    const asked = agentIds.length === 0 ? [''] : [...new Set(agentIds)];
    if (current) {
      const { run } = current;
      const same = run.connectionId === config.connection.id && sameIds(run.agents, asked) && before === undefined;
      if (same) return run.id;
      if (by === 'background') return '';
      await giveWay();
    }
    const run = await newRun(config, asked, by, before);
    go(config, run);
    return run.id;
  }

  function go(config: Config, run: DiagnosisRun): void {
    const abort = new AbortController();
    const mine: Current = { run, abort, ended: Promise.resolve() };
    current = mine;
    mine.ended = work(config, run, abort.signal)
      .catch(() => log('diagnosis-failed', { connection: run.connectionId }))
      .finally(() => {
        if (current === mine) current = null;
      });
  }

  async function work(config: Config, run: DiagnosisRun, signal: AbortSignal): Promise<void> {
    const { connection } = config;
    const task: Work = { config, run, auth, port: portOf(connection), signal, halt: null };
    await tell(run);
    try {
      while (!signal.aborted && (await step(task, signal))) await tell(run);
      run.status = signal.aborted ? 'cancelled' : 'done';
    } catch (error) {
      run.status = !(error instanceof Over) ? 'interrupted' : signal.aborted ? 'cancelled' : 'done';
      if (run.status === 'interrupted')
        await log('diagnosis-failed', { connection: connection.id, failure: error instanceof Error ? error.name : '' });
    }
    run.doing = null;
    run.updatedMs = Date.now();
    // What follows from it first, then the word that it has ended.
    const { notBeforeMs = 0 } = run.shared.token ?? {};
    if (notBeforeMs > Date.now()) await holdOff(connection.id, notBeforeMs);
    await keepDiagnosis(run).catch(() => log('diagnosis-not-kept', { connection: connection.id }));
    if (run.status === 'done') await noteCauses(run);
    await tell(run);
    await ended();
  }

  async function cancel(): Promise<void> {
    if (!current) {
      // Found by a page, but the worker that made it is gone.
      const { 'view.diagnosis': shown } = await readPublished('view.diagnosis');
      if (shown?.status === 'running') await tell({ ...shown, status: 'cancelled', doing: null });
      return;
    }
    current.abort.abort();
    await current.ended;
  }

  async function giveWay(): Promise<void> {
    const { run } = current ?? {};
    await cancel();
    if (run?.status !== 'cancelled') return;
    await backgroundRunsItem(run.connectionId).update((runs) => runs.filter(({ runId }) => runId !== run.id));
  }

  async function resume(config: Config): Promise<void> {
    const { 'view.diagnosis': run } = await readPublished('view.diagnosis');
    if (run?.status !== 'running' || current) return;
    const gapMs = Date.now() - run.updatedMs;
    if (run.connectionId === config.connection.id && gapMs < RESUME_MS) {
      // What nobody was there to ask is asked now.
      run.shared.endMs += gapMs;
      go(config, run);
      return;
    }
    const interrupted = { ...run, status: 'interrupted' as const, doing: null };
    await keepDiagnosis(interrupted);
    await tell(interrupted);
  }

  async function byItself(config: Config, known: Known): Promise<void> {
    const { connection, settings } = config;
    // What is not shown has nowhere to say why; it is looked into when it is.
    if (!config.active || current) return;
    const symptoms = symptomsOf(known, settings.watchedAgentIds);
    if (symptoms.length === 0 || (await authStatusItem(connection.id).get()).phase !== 'signedIn') return;
    const nowMs = Date.now();
    const recent = (await backgroundRunsItem(connection.id).get()).filter(
      ({ atMs }) => nowMs >= atMs && nowMs - atMs < BACKGROUND_MS,
    );
    if (recent.length >= BACKGROUND_RUNS) return;
    const symptom = symptoms.find(({ key }) => !recent.some((run) => run.key === key));
    if (!symptom) return;
    const runId = await begin(config, symptom.agentId === '' ? [] : [symptom.agentId], 'background');
    if (runId !== '') await backgroundRunsItem(connection.id).update(() => [...recent, { key: symptom.key, atMs: nowMs, runId }]);
  }

  return { begin, cancel, giveWay, resume, byItself };
}

/** One check, for all agents whose next it is. @returns false when there is nothing left to find out */
async function step(task: Work, signal: AbortSignal): Promise<boolean> {
  const { run } = task;
  const nowMs = Date.now();
  const due = run.agents.flatMap((agent) => {
    if (run.finished.includes(agent.agentId)) return [];
    const next = nextStep(evidenceOf(run, agent), nowMs);
    if (!next) run.finished.push(agent.agentId);
    return next ? [{ ...next, agent }] : [];
  });
  // The earliest check first: those who are further wait, so that one request serves all.
  const check = CHECKS.find((each) => due.some((next) => next.check === each));
  if (check === undefined) return false;
  const group = due.filter((next) => next.check === check);
  const agents = group.map(({ agent }) => agent);
  const untilMs = nowMs + Math.max(...group.map(({ waitMs }) => waitMs));
  const only = agents.length === 1 ? (agents[0]?.agentId ?? null) : null;
  if (untilMs > nowMs) {
    run.doing = { check, agentId: only, sinceMs: nowMs, untilMs };
    await tell(run);
    await pause(untilMs - Date.now(), signal);
    if (signal.aborted) return false;
  }
  const startMs = Date.now();
  run.doing = { check, agentId: only, sinceMs: startMs, untilMs: 0 };
  await tell(run);
  await CHECK[check](task, agents);
  run.tookMs[check] = (run.tookMs[check] ?? 0) + Date.now() - startMs;
  return true;
}

async function newRun(
  { connection }: Config,
  agentIds: readonly AgentId[],
  by: DiagnosisRun['by'],
  before: string | undefined,
): Promise<DiagnosisRun> {
  const nowMs = Date.now();
  const [known, pulse, causeBefore] = await Promise.all([
    loadKnown(connection.id),
    readPulse(connection.id),
    before === undefined ? null : causeOf(connection.id, before),
  ]);
  const { state, snapshot } = known;
  const expected = expectedKind(snapshot.ids.slice(0, SAMPLE));
  const places = placesOf(snapshot, agentIds);
  const agents = agentIds.map(async (agentId): Promise<AgentEvidence> => {
    const kept = Object.hasOwn(state.missing, agentId) ? (state.missing[agentId] ?? null) : null;
    const empty = state.outcome === 'empty' ? { sinceMs: state.emptySinceMs, polls: state.emptyPolls } : null;
    const place = places.get(agentId);
    const [last] = agentId === '' ? [] : await transitionsOf(connection.id, agentId, 1).catch(() => []);
    const stored = place === undefined ? null : stateAt(snapshot, place);
    return {
      agentId,
      missing: kept ? { sinceMs: kept.sinceMs, polls: kept.polls } : empty,
      agent: null,
      identity:
        agentId === ''
          ? null
          : { looksLike: idKind(agentId), expected, looked: false, searched: 0, complete: false, match: null },
      skillGroups: null,
      states: [],
      lastSeen: last
        ? { category: last.to.category, stateName: last.to.stateName, atMs: last.atMs }
        : stored && { category: stored.category, stateName: stored.stateName, atMs: stored.sinceMs },
    };
  });
  const { outcome, status, detail, origin } = state;
  const listed = snapshot.ids.length - Object.keys(state.missing).length;
  const good = outcome === 'ok' || outcome === 'unchanged' || outcome === 'partial';
  const shared: SharedEvidence = {
    profile: connection.profile,
    startedMs: nowMs,
    endMs: nowMs + LAG_MS,
    heard: snapshot.ids.length > 0,
    token: null,
    scopes: null,
    tokenOrganisationId: '',
    me: null,
    list: outcome && {
      outcome,
      status,
      detail,
      host: hostOf(origin),
      agents: good ? Math.max(0, listed) : 0,
      atMs: pulse.askedMs,
    },
  };
  return {
    id: crypto.randomUUID(),
    connectionId: connection.id,
    by,
    status: 'running',
    startedMs: nowMs,
    updatedMs: nowMs,
    doing: null,
    shared,
    agents: await Promise.all(agents),
    finished: [],
    tookMs: {},
    traces: [],
    before: causeBefore,
  };
}

async function causeOf(id: ConnectionId, runId: string): Promise<KnownCause | null> {
  const run = (await diagnosesOf(id)).find((each) => each.id === runId);
  return run ? knownCause(run, run.agents[0]?.agentId ?? '', clock) : null;
}

/** What the popup shows beside its flags from now on. */
async function noteCauses(run: DiagnosisRun): Promise<void> {
  const found = run.agents.map(({ agentId }) => [agentId, knownCause(run, agentId, clock)] as const);
  const wholeList = listCause(run, clock);
  await causesItem(run.connectionId).update((causes) => {
    const next = new Map(Object.entries(causes));
    for (const [agentId, cause] of found) {
      if (cause) next.set(agentId, cause);
      else next.delete(agentId);
    }
    if (wholeList) next.set('', wholeList);
    return Object.fromEntries(next);
  });
}

/** What a poll has left unexplained, the longest first. Agents that went missing in the same poll are one symptom. */
function symptomsOf({ state, snapshot }: Known, watched: readonly AgentId[]): { key: string; agentId: AgentId }[] {
  const places = placesOf(snapshot, watched);
  // Somebody CXone has listed before: an id that never was one would tell of itself, and nothing of the list.
  if (state.outcome === 'empty')
    return [{ key: 'empty', agentId: watched.find((agentId) => places.has(agentId)) ?? snapshot.ids[0] ?? '' }];
  const lost = watched.flatMap((agentId) => {
    const missing = Object.hasOwn(state.missing, agentId) ? state.missing[agentId] : undefined;
    const place = places.get(agentId);
    const goneHome = place !== undefined && stateAt(snapshot, place)?.category === 'loggedOut';
    return missing && missing.polls >= MISSING_POLLS && !goneHome ? [{ agentId, sinceMs: missing.sinceMs }] : [];
  });
  return lost.sort((a, b) => a.sinceMs - b.sinceMs).map(({ agentId, sinceMs }) => ({ key: `missing:${sinceMs}`, agentId }));
}

/** "Not so fast" is said to all of us: the poll waits too. */
async function holdOff(id: ConnectionId, notBeforeMs: number): Promise<void> {
  await navigator.locks.request(`poll:${id}`, async () => {
    const before = await loadKnown(id);
    const state = { ...before.state, notBeforeMs: Math.max(before.state.notBeforeMs, notBeforeMs) };
    await commitPoll(id, { known: { ...before, state }, before, transitions: [], alerts: [] });
  });
}

/** Every step is written down before the next: what a page shows, and what a new worker goes on from, are the same record. */
async function tell(run: DiagnosisRun): Promise<void> {
  run.updatedMs = Date.now();
  await publish({ 'view.diagnosis': run });
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function sameIds(agents: readonly AgentEvidence[], agentIds: readonly AgentId[]): boolean {
  return agents.length === agentIds.length && agents.every(({ agentId }) => agentIds.includes(agentId));
}
