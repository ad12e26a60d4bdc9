/** What the Diagnosis room knows and does beyond what is published: past runs, and questions of its own. */
import { computed, effect, signal } from '@preact/signals';
import type { AgentId } from '../../../domain/agent-state.ts';
import type { DiagnosisRun } from '../../../domain/diagnosis/run.ts';
import { send } from '../../../messages/send.ts';
import { now } from '../../parts/clock.ts';
import { same } from '../../parts/keep.ts';
import { auth, diagnosis, glance } from '../../parts/store.ts';
import type { Route } from '../../parts/where.ts';
import { route, settle } from '../route.ts';
import { type Asked, type Shown, sameAgents, shownFor } from './runs.ts';

export const ROOM = 'diagnosis';

/** Ended runs, the newest first; null until read. */
export const kept = signal<DiagnosisRun[] | null>(null);
/** Why the past runs could not be read; '' when they could. */
export const keptError = signal('');

const connectionId = computed(() => glance.value?.connection?.id);
/** The diagnosis under way or the last one, if it is of the connection shown. */
export const published = computed(() => {
  const run = diagnosis.value;
  return run && run.connectionId === connectionId.value ? run : null;
});

/** `at`: the place it was asked from; whoever goes elsewhere is no longer waiting for it. */
const question = signal<(Asked & { at: Route }) | null>(null);
const asked = computed(() => (question.value?.at === route.value ? question.value : null));
/** A question is on its way to the worker. */
export const asking = computed(() => asked.value?.runId === null && asked.value.error === '');

/** The run after which a sign-in was asked for: the one that follows it by itself takes its place. */
const awaited = signal<{ run: DiagnosisRun; sinceMs: number } | null>(null);
/** The sign-in window is open on behalf of this run. */
export const signingInFor = computed(() => (auth.value?.phase === 'signingIn' ? (awaited.value?.run.id ?? null) : null));

let last: Shown = { kind: 'start' };
/** What is on screen. The same object while the second's tick changes nothing about it. */
export const shown = computed((): Shown => {
  const next = shownFor(route.value, asked.value, published.value, kept.value, now.value);
  if (!sameShown(last, next)) last = next;
  return last;
});

function sameShown(a: Shown, b: Shown): boolean {
  if (a.kind === 'agent' && b.kind === 'agent') return a.run === b.run && a.agent === b.agent;
  if (a.kind === 'agents' && b.kind === 'agents') return a.run === b.run;
  return same(a, b);
}

const words = (error: unknown) => (error instanceof Error ? error.message : String(error));

export async function readKept(): Promise<void> {
  try {
    kept.value = (await send('diagnoses', {})).runs;
    keptError.value = '';
  } catch (error) {
    keptError.value = words(error);
    kept.value ??= [];
  }
}

/**
 * Finds out why CXone gives no state for these agents (none: for anybody) and goes to the answer.
 * `before`: the run it is to be compared with.
 */
export async function askWhy(agentIds: AgentId[], before?: string): Promise<void> {
  const mine = { agentIds, atMs: Date.now(), runId: null, error: '', at: route.peek() };
  question.value = mine;
  try {
    const { runId } = await send('diagnose', before === undefined ? { agentIds } : { agentIds, before });
    if (question.peek() !== mine || route.peek() !== mine.at) return;
    const [only] = agentIds;
    settle({ room: ROOM, run: runId, agent: only !== undefined && agentIds.length === 1 ? only : null });
    question.value = { ...mine, runId, at: route.peek() };
  } catch (error) {
    if (question.peek() === mine) question.value = { ...mine, error: words(error) };
  }
}

/** Called by the click that signs in for the sake of `run`. */
export function awaitNext(run: DiagnosisRun): void {
  awaited.value = { run, sinceMs: Date.now() };
}

/** Keeps the past runs as fresh as the published one, and does what the address asks for. Returns how to stop. */
export function followDiagnoses(): () => void {
  const ended = computed(() => {
    const run = published.value;
    return run && run.status !== 'running' ? run.id : null;
  });
  const stops = [
    effect(() => {
      // Read to be followed: with every end there is one more to read, and another connection has others.
      void ended.value;
      void connectionId.value;
      void readKept();
    }),
    effect(() => {
      const { room, agent, ask } = route.value;
      if (room !== ROOM || !ask) return;
      settle({ room, agent });
      void askWhy(agent === null ? [] : [agent]);
    }),
    effect(() => {
      const run = published.value;
      const waiting = awaited.value;
      if (!run || !waiting || run.id === waiting.run.id || run.startedMs < waiting.sinceMs) return;
      if (!sameAgents(run, waiting.run)) return;
      awaited.value = null;
      if (route.peek().run === waiting.run.id) settle({ ...route.peek(), run: run.id });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
