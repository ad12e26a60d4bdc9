import type { AgentRow } from '../../../src/messages/contract.ts';
import type { Glance, GlanceRow } from '../../../src/messages/published.ts';

/** 2026-03-02 10:00, a Monday, in the computer's own time zone. */
export const NOW = new Date(2026, 2, 2, 10).getTime();
export const MINUTE = 60_000;

export function glanceRow(over: Partial<GlanceRow> = {}): GlanceRow {
  return {
    agentId: 'a1',
    name: 'Dana Ortiz',
    team: 'North',
    category: 'available',
    stateName: 'Available',
    reason: '',
    skill: '',
    sinceMs: NOW - 5 * MINUTE,
    sinceKnown: true,
    limitMinutes: 0,
    flag: null,
    cause: null,
    snoozedUntilMs: 0,
    ...over,
  };
}

export function agentRow(over: Partial<AgentRow> = {}): AgentRow {
  const { limitMinutes, flag, cause, snoozedUntilMs, ...row } = glanceRow();
  return { ...row, watched: false, missingSinceMs: 0, ...over };
}

export function glance(over: Partial<Glance> = {}): Glance {
  return {
    connection: {
      id: 'c',
      name: 'Acme',
      hosts: [],
      ask: [],
      profile: 'v2',
      skills: { on: true, fixed: false, scopes: [], writes: true, batchRows: 5000, sendsAudit: false, sendsWfm: false },
    },
    problem: null,
    cause: null,
    rows: [],
    counts: { unknown: 0, unavailable: 0, acw: 0, working: 0, available: 0, loggedIn: 0, loggedOut: 0 },
    total: 0,
    alerts: [],
    snoozedUntilMs: 0,
    stale: false,
    asOfMs: 0,
    ...over,
  };
}
