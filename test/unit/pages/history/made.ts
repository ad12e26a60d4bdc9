/** Histories to show, made up. */
import type { Category } from '../../../../src/domain/agent-state.ts';
import type { AgentHistory, AgentLoad, HistoryLoad, Segment } from '../../../../src/domain/history/history.ts';
import { NOW } from '../rows.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export function segment(category: Category, fromMs: number, toMs: number, over: Partial<Segment> = {}): Segment {
  const stateName = category.toUpperCase();
  return { category, stateName, reason: '', skill: '', fromMs, toMs, source: 'tenant', running: false, cut: false, ...over };
}

/** One after the other from `fromMs` on, each as long as said. */
export function inARow(fromMs: number, ...parts: [Category, number, Partial<Segment>?][]): Segment[] {
  let at = fromMs;
  return parts.map(([category, ms, over]) => {
    const from = at;
    at += ms;
    return segment(category, from, at, over);
  });
}

export function agentHistory(over: Partial<AgentHistory> = {}): AgentHistory {
  return { agentId: 'a1', records: null, loadedMs: null, problem: null, seen: [], lastInListMs: null, ...over };
}

export function agentLoad(over: Partial<AgentLoad> = {}): AgentLoad {
  return {
    agentId: 'a1',
    status: 'running',
    pages: 0,
    records: 0,
    total: null,
    badRows: 0,
    badFields: [],
    problem: null,
    detail: '',
    ...over,
  };
}

export function historyLoad(over: Partial<HistoryLoad> = {}): HistoryLoad {
  return {
    id: 'l1',
    connectionId: 'c',
    agentIds: ['a1'],
    fromMs: NOW - DAY,
    toMs: NOW,
    status: 'running',
    notBeforeMs: 0,
    startedMs: NOW,
    updatedMs: NOW,
    agents: [agentLoad()],
    ...over,
  };
}
