/** Another question is another address, so that Back and a bookmark work. */
import type { AgentId } from '../../../domain/agent-state.ts';
import { go, route } from '../route.ts';
import type { RangeName } from './question.ts';
import { ROOM } from './state.ts';

export function showAgents(agentIds: readonly AgentId[]): void {
  const [agent = null, ...agents] = agentIds;
  const { range, fromMs, toMs } = route.peek();
  go({
    room: ROOM,
    agent,
    agents,
    ...(range && { range }),
    ...(fromMs !== undefined && { fromMs }),
    ...(toMs !== undefined && { toMs }),
  });
}

export function showRange(range: Exclude<RangeName, 'own'>): void {
  const { agent, agents = [] } = route.peek();
  go({ room: ROOM, agent, agents, range });
}

export function showOwnRange(fromMs: number, toMs: number): void {
  const { agent, agents = [] } = route.peek();
  go({ room: ROOM, agent, agents, range: 'own', fromMs, toMs });
}
