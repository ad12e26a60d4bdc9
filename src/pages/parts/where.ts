/** Where one is in the console, as data: both the console itself and the pages that lead to it speak it. */
import type { AgentId } from '../../domain/agent-state.ts';

export interface Route {
  room: string;
  agent: AgentId | null;
  /** One diagnosis among those kept, by its id. */
  run: string | null;
  /** Diagnosis: find out anew, at once. Leaves the address when that has begun, so that a reload does not ask again. */
  ask: boolean;
  /** History: the agents beside `agent`. */
  agents?: AgentId[];
  /** History: which range; what the page knows. */
  range?: string;
  /** History, a range of one's own: epoch ms. In the address as UTC, to the minute. */
  fromMs?: number;
  toMs?: number;
  /** Skills: which tab; what the page knows. */
  tab?: string;
  /** Skills: which batch. */
  batch?: string;
}

/** `2026-03-02T09:41Z`: fit to be read, and the same wherever the address is opened. */
const writeTime = (ms: number) => `${new Date(ms).toISOString().slice(0, 16)}Z`;

function readTime(text: string | null): number | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}

export function parseRoute(hash: string): Route {
  const params = new URLSearchParams(hash.replace(/^#/, ''));
  const agents = params.getAll('agents').filter(Boolean);
  const range = params.get('range');
  const tab = params.get('tab');
  const batch = params.get('batch');
  const fromMs = readTime(params.get('from'));
  const toMs = readTime(params.get('to'));
  return {
    room: params.get('room') ?? '',
    agent: params.get('agent') || null,
    run: params.get('run') || null,
    ask: params.get('ask') === '1',
    ...(agents.length > 0 && { agents }),
    ...(range && { range }),
    ...(fromMs !== undefined && { fromMs }),
    ...(toMs !== undefined && { toMs }),
    ...(tab && { tab }),
    ...(batch && { batch }),
  };
}

export function routeHash({ room, agent, run, ask, agents, range, fromMs, toMs, tab, batch }: Partial<Route>): string {
  const params = new URLSearchParams();
  if (room) params.set('room', room);
  if (agent) params.set('agent', agent);
  if (run) params.set('run', run);
  if (ask) params.set('ask', '1');
  for (const each of agents ?? []) params.append('agents', each);
  if (range) params.set('range', range);
  if (fromMs !== undefined) params.set('from', writeTime(fromMs));
  if (toMs !== undefined) params.set('to', writeTime(toMs));
  if (tab) params.set('tab', tab);
  if (batch) params.set('batch', batch);
  return `#${params}`;
}
