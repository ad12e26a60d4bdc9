/** What is kept of agents' history, the tenant's and our own, as the pages get it: on our clock, in order of time. */
import type { AgentId } from '../domain/agent-state.ts';
import type { AgentHistory, HistoryLoad, HistoryProblem, HistoryRecord } from '../domain/history/history.ts';
import type { TimeRange } from '../domain/history/ranges.ts';
import { placesOf, stateAt } from '../domain/snapshot.ts';
import type { Transition } from '../domain/transition.ts';
import { type KeptPage, loadOf, partsOf, recordsIn } from '../storage/history-store.ts';
import { type Known, loadKnown, transitionsBetween } from '../storage/poll-store.ts';
import type { Config } from './config.ts';
import type { HistoryQuestion } from './history.ts';

export async function historyOf(
  { connection: { id, capabilities } }: Config,
  { agentIds, fromMs, toMs }: HistoryQuestion,
): Promise<{ agents: AgentHistory[]; skewMs: number }> {
  const known = await loadKnown(id);
  const { skewMs, missing } = known.state;
  const asked = { fromMs, toMs };
  const [seen, load] = await Promise.all([transitionsBetween(id, agentIds, fromMs - skewMs, toMs - skewMs), loadOf(id)]);
  const places = placesOf(known.snapshot, agentIds);
  const agents: AgentHistory[] = [];
  for (const agentId of new Set(agentIds)) {
    const absent = Object.hasOwn(missing, agentId) ? missing[agentId] : undefined;
    const ours = withNow(seen.get(agentId) ?? [], known, places.get(agentId), toMs - skewMs);
    const told = tellingOf(await partsOf(id, agentId), asked, skewMs);
    agents.push({
      agentId,
      ...told,
      problem: capabilities.includes('history') ? problemOf(load, agentId, asked, told.records) : 'capabilityOff',
      seen: ours.map(({ atMs, from, to, gap }) => ({ atMs: atMs + skewMs, from, to, gap })),
      lastInListMs: absent ? absent.seenMs || absent.sinceMs : null,
    });
  }
  return { agents, skewMs };
}

/**
 * Of an agent who was in the same state when we first looked nothing has changed since: the list says since when. What is only known to have begun
 * at some time is not made a beginning.
 */
function withNow(
  seen: readonly Transition[],
  { snapshot }: Known,
  place: number | undefined,
  toMs: number,
): readonly Transition[] {
  const now = place === undefined ? null : stateAt(snapshot, place);
  if (!now?.sinceKnown || now.sinceMs > toMs) return seen;
  const last = seen.at(-1);
  if (last && last.atMs >= now.sinceMs) return seen;
  const { agentId, category, stateName, reason, skill, sinceMs } = now;
  return [...seen, { agentId, from: null, to: { category, stateName, reason, skill }, atMs: sinceMs, gap: true }];
}

/** What went wrong the last time the tenant was asked about this agent, unless it has been put right since. */
function problemOf(
  load: HistoryLoad | null,
  agentId: AgentId,
  asked: TimeRange,
  records: readonly unknown[] | null,
): HistoryProblem | null {
  const problem = load?.agents.find((agent) => agent.agentId === agentId)?.problem ?? null;
  if (load && problem !== null && problem !== 'capabilityOff' && isAbout(problem, load, asked)) return problem;
  return records?.length === 0 ? 'noData' : null;
}

/** What was wrong with one range says nothing of another; what was too much is too much with more. */
function isAbout(problem: HistoryProblem, load: TimeRange, asked: TimeRange): boolean {
  if (problem === 'tooMuch') return asked.toMs - asked.fromMs >= load.toMs - load.fromMs;
  return (problem !== 'badRange' && problem !== 'noData') || (load.fromMs === asked.fromMs && load.toMs === asked.toMs);
}

type Told = Pick<AgentHistory, 'records' | 'loadedMs'>;

/** Of the ranges that are kept, the one that has most of what is asked for; of two alike the newer. */
function tellingOf(parts: readonly KeptPage[][], asked: TimeRange, skewMs: number): Told {
  const told = parts.flatMap((pages) => {
    const last = pages.at(-1);
    if (!last) return [];
    const records = inOrder(recordsIn(pages), skewMs);
    const covered = coveredBy(last, records, skewMs);
    const common = Math.min(covered.toMs, asked.toMs) - Math.max(covered.fromMs, asked.fromMs);
    return common > 0 ? [{ records, covered, common, keptMs: last.keptMs }] : [];
  });
  const [best] = told.sort((a, b) => b.common - a.common || b.keptMs - a.keptMs);
  if (!best) return { records: null, loadedMs: null };
  const { fromMs, toMs } = best.covered;
  return {
    records: around(best.records, asked),
    loadedMs: { fromMs: Math.max(fromMs, asked.fromMs), toMs: Math.min(toMs, asked.toMs) },
  };
}

/** All of the range once it was read to its end, up to when it was first asked for; else as far as the records reach. */
function coveredBy(
  { fromMs, toMs, asked, next, problem, keptMs }: KeptPage,
  records: readonly HistoryRecord[],
  skewMs: number,
): TimeRange {
  if (next === null && problem === null) return { fromMs, toMs: Math.min(toMs, asked.toMs + skewMs, keptMs) };
  return { fromMs: records[0]?.atMs ?? toMs, toMs: records.at(-1)?.atMs ?? fromMs };
}

/** Some tenants tell the newest first: at one and the same moment the order of the telling counts. */
function inOrder(records: HistoryRecord[], skewMs: number): HistoryRecord[] {
  const [first, last] = [records[0], records.at(-1)];
  const forwards = first && last && first.atMs > last.atMs ? records.reverse() : records;
  return forwards.map((record) => ({ ...record, atMs: record.atMs + skewMs })).sort((a, b) => a.atMs - b.atMs);
}

/** Those in the range, and one on either side: they tell what was at its ends. */
function around(records: HistoryRecord[], { fromMs, toMs }: TimeRange): HistoryRecord[] {
  const first = records.findIndex(({ atMs }) => atMs >= fromMs);
  const after = records.findIndex(({ atMs }) => atMs > toMs);
  const from = (first === -1 ? records.length : first) - 1;
  return records.slice(Math.max(0, from), after === -1 ? records.length : after + 1);
}
