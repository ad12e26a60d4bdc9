/** What the History room knows: the question, what has been read of it, and how the load of the rest stands. */
import { batch, computed, effect, signal, untracked } from '@preact/signals';
import type { AgentId } from '../../../domain/agent-state.ts';
import type { HistoryLoad } from '../../../domain/history/history.ts';
import { send } from '../../../messages/send.ts';
import { t } from '../../../messages/words.ts';
import { now } from '../../parts/clock.ts';
import { same } from '../../parts/keep.ts';
import { type Lane, laneOf, type Read } from '../../parts/lanes.ts';
import { attempt, say } from '../../parts/notice.tsx';
import { glance, heartbeat, historyLoad } from '../../parts/store.ts';
import type { Route } from '../../parts/where.ts';
import { route } from '../route.ts';
import { answers, type Question, questionAt, questionNow, wantsLoad } from './question.ts';

export const ROOM = 'history';
/** Days begin and times are said as on this computer. */
export const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const connectionId = computed(() => glance.value?.connection?.id);
/** The load under way or the last one, if it is of the connection shown. */
const published = computed(() => {
  const load = historyLoad.value;
  return load && load.connectionId === connectionId.value ? load : null;
});

export const question = signal<Question | null>(null);
/** The last day of what is asked for is the one that times are said without a date of. */
export const lastMs = computed(() => (question.value?.toMs ?? 1) - 1);
/** By agent. An agent who is not in it has not been read yet. */
export const reads = signal<ReadonlyMap<AgentId, Read>>(new Map());
/** Why what is kept could not be read; '' when it could. */
export const readError = signal('');
/** Why the tenant could not be asked at all; '' when it could. */
export const loadError = signal('');
/** Our clock minus the server's, where they differ. */
export const skewMs = signal(0);

/** The load of what is on screen; null when there is none. */
export const load = computed((): HistoryLoad | null => {
  const [asked, running] = [question.value, published.value];
  return asked && running && answers(running, asked) ? running : null;
});

const made = new WeakMap<Read, { asked: Question; lane: Lane }>();

/** A lane for each agent, in the order asked for; null until it has been read. */
export const lanes = computed(() => {
  const asked = question.value;
  return (asked?.agentIds ?? []).map((agentId) => {
    const read = reads.value.get(agentId);
    if (!asked || !read) return { agentId, lane: null };
    const known = made.get(read);
    if (known?.asked === asked) return { agentId, lane: known.lane };
    const lane = laneOf(read, asked);
    made.set(read, { asked, lane });
    return { agentId, lane };
  });
});

const words = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** One agent at a time: the history of thirty in one answer would hold up the page. */
async function read(agentId: AgentId, asked: Question): Promise<void> {
  const { fromMs, toMs } = asked;
  try {
    const { agents, skewMs: skew } = await send('history', { agentIds: [agentId], fromMs, toMs });
    const [history] = agents;
    if (!history || question.peek() !== asked) return;
    batch(() => {
      reads.value = new Map(reads.peek()).set(agentId, { history, atMs: Date.now(), okMs: heartbeat.peek()?.okMs ?? 0 });
      skewMs.value = skew;
      readError.value = '';
    });
  } catch (error) {
    if (question.peek() === asked) readError.value = words(error);
  }
}

/** How far the load of each agent was when its history was last read, for the question on screen. */
const readAt = new Map<AgentId, string>();
/** The question whose first reading has ended: whether the tenant has to be asked is decided then, once. */
let opened: Question | null = null;
let reading = false;

/** Changes with everything a load brings of an agent; '' while it has brought nothing. */
function brought(current: HistoryLoad | null, agentId: AgentId): string {
  const agent = current?.agents.find((each) => each.agentId === agentId);
  if (!agent) return '';
  const { pages, records, status, problem } = agent;
  const ended = status === 'done' || status === 'failed';
  return pages === 0 && !ended ? '' : `${pages} ${records} ${ended} ${problem}`;
}

/** Reads whatever has not been read, or has grown since; one round at a time, until there is nothing new. */
async function catchUp(): Promise<void> {
  if (reading) return;
  reading = true;
  try {
    for (;;) {
      const asked = question.peek();
      if (!asked) return;
      const current = load.peek();
      const next = asked.agentIds.find((agentId) => readAt.get(agentId) !== brought(current, agentId));
      if (next !== undefined) {
        readAt.set(next, brought(current, next));
        await read(next, asked);
      } else if (opened !== asked) {
        opened = asked;
        const found = asked.agentIds.flatMap((agentId) => reads.peek().get(agentId)?.history ?? []);
        // One that is under way goes on by itself; one that was cancelled waits for a click.
        const settled = current !== null && ['running', 'waiting', 'cancelled'].includes(current.status);
        if (!settled && wantsLoad(found, asked, Date.now())) await ask();
      } else return;
    }
  } finally {
    reading = false;
  }
}

/** Asks the tenant for what is not kept. Joins a load of the same that is under way, and goes on with one that was cut off. */
export async function ask(): Promise<void> {
  const asked = question.peek();
  if (!asked) return;
  const { agentIds, fromMs, toMs } = asked;
  try {
    await send('loadHistory', { agentIds, fromMs, toMs });
    if (question.peek() === asked) loadError.value = '';
  } catch (error) {
    if (question.peek() === asked) loadError.value = words(error);
  }
}

export async function cancel(): Promise<void> {
  await attempt(() => send('cancelHistory', {}));
}

/** What is kept is shown at once, the tenant is asked for the rest. `keep`: what is on screen stays until there is something newer. */
function begin(asked: Question | null, keep = false): void {
  readAt.clear();
  batch(() => {
    question.value = asked;
    if (!keep) reads.value = new Map();
    readError.value = '';
    loadError.value = '';
  });
  void catchUp();
}

/** After something of ours failed: reads all of it again, and asks for what is missing. */
export function again(): void {
  readAt.clear();
  opened = null;
  readError.value = '';
  loadError.value = '';
  void catchUp();
}

/** The same range up to now. */
export function refresh(): void {
  begin(questionAt(route.peek(), Date.now(), ZONE), true);
}

/** Erases what is kept, after the fact that it can be loaded again has been said; our own record cannot. */
export async function forget(): Promise<void> {
  if (await attempt(() => send('forgetHistory', {}))) {
    say(t('history_forgotten'));
    readAt.clear();
    void catchUp();
  }
}

const ownPart = ({ agent, agents, range, fromMs, toMs }: Route) => ({ agent, agents, range, fromMs, toMs });

/** Keeps the question as the address has it, and what is read as fresh as the load. Returns how to stop. */
export function followHistory(): () => void {
  let last: unknown;
  const stops = [
    effect(() => {
      const wanted = { ...ownPart(route.value), connection: connectionId.value };
      if (wanted.connection === undefined || same(wanted, last)) return;
      last = wanted;
      untracked(() => begin(questionNow(route.peek(), published.peek(), now.peek(), ZONE)));
    }),
    effect(() => {
      void load.value;
      void catchUp();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
