/** Choosing agents: what the list offers, and how many more fit. */
import type { AgentId } from '../../../domain/agent-state.ts';
import { LIMITS } from '../../../domain/settings.ts';
import type { AgentRow } from '../../../messages/contract.ts';

export interface Choosable {
  agentId: AgentId;
  name: string;
  team: string;
}

export interface Team {
  name: string;
  agentIds: AgentId[];
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
const byName = (a: Choosable, b: Choosable) => collator.compare(a.name, b.name);

/** Who is chosen comes first and stays in sight; then who is watched, or who fits what was typed. Each once. */
export function offered(
  chosen: readonly AgentId[],
  watched: readonly Choosable[],
  found: readonly Choosable[] | null,
  nameOf: (agentId: AgentId) => string,
): Choosable[] {
  const known = new Map([...watched, ...(found ?? [])].map((agent) => [agent.agentId, agent]));
  const first = chosen.map((agentId) => known.get(agentId) ?? { agentId, name: nameOf(agentId), team: '' });
  const taken = new Set(chosen);
  const rest = found ?? [...watched].sort(byName);
  return [...first, ...rest.filter(({ agentId }) => !taken.has(agentId))];
}

/** The teams among some agents, those of two or more. */
export function teamsOf(agents: readonly Choosable[]): Team[] {
  const teams = new Map<string, AgentId[]>();
  for (const { team, agentId } of agents) if (team) teams.set(team, [...(teams.get(team) ?? []), agentId]);
  return [...teams]
    .filter(([, agentIds]) => agentIds.length > 1)
    .map(([name, agentIds]) => ({ name, agentIds }))
    .sort((a, b) => collator.compare(a.name, b.name));
}

/** With these as well, as far as there is room. */
export function withMore(chosen: readonly AgentId[], more: readonly AgentId[], most: number = LIMITS.historyAgents): AgentId[] {
  return [...new Set([...chosen, ...more])].slice(0, most);
}

export const isFull = (chosen: readonly AgentId[], most: number = LIMITS.historyAgents): boolean => chosen.length >= most;

/** What was typed may be an id that no list has. */
export function asTyped(words: string, found: readonly AgentRow[] | null): Choosable[] {
  const text = words.trim();
  if (text === '' || found === null || found.length > 0 || /\s/.test(text)) return [];
  return [{ agentId: text, name: text, team: '' }];
}
