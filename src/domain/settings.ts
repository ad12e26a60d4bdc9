import type { AgentId, Category } from './agent-state.ts';

/** What a supervisor wants to hear of. */
export const RULE_KINDS = ['anyChange', 'enters', 'leaves', 'longerThan', 'unexpectedLogout', 'dataProblem'] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

/**
 * One alert rule.
 * `categories` and `reasons` narrow `enters`, `leaves` and `longerThan` (empty = every one); a reason matches whole, ignoring case,
 * against the state's reason or its tenant name. `minutes` is used by `longerThan` alone.
 */
export interface Rule {
  id: string;
  kind: RuleKind;
  enabled: boolean;
  categories: Category[];
  reasons: string[];
  minutes: number;
}

/** Local wall-clock hours in which alerts are logged but not shown. `from` later than `to` wraps over midnight. */
export interface QuietHours {
  enabled: boolean;
  /** "HH:mm" */
  from: string;
  /** "HH:mm" */
  to: string;
  /** 0 = Sunday … 6 = Saturday: the days on which the quiet time starts. */
  days: number[];
}

/** What the user chose for one connection. */
export interface Settings {
  watchedAgentIds: AgentId[];
  rules: Rule[];
  quietHours: QuietHours;
  pollSeconds: number;
  showNamesInNotifications: boolean;
  /** Notifications stay until dismissed. */
  stayUntilDismissed: boolean;
  retentionDays: number;
  /** False: the refresh token lives in memory only and every browser start needs a sign-in. */
  persistSession: boolean;
  /** Users written to at once by a batch. */
  batchConcurrency: number;
  /** Thresholds of the suggested level (seed 003), the best first: above both, that level; the last has no resolution rate. */
  levelRule: LevelRule;
  /** Endpoints that audit entries and verified rows are sent on to; '' = none. */
  auditUrl: string;
  wfmUrl: string;
}

/** `efficiency` and `resolution` are lower bounds, 0–1. */
export interface LevelRule {
  five: { efficiency: number; resolution: number };
  four: { efficiency: number; resolution: number };
  three: { efficiency: number };
  /** The level where the tenant has no figures. */
  none: number;
}

export const LIMITS = {
  pollSeconds: { min: 30, max: 900 },
  retentionDays: { min: 1, max: 365 },
  ruleMinutes: { min: 1, max: 720 },
  rules: 50,
  watchedAgents: 2000,
  connections: 10,
  historyAgents: 30,
  /** Rows of a batch: `usual` where no policy says how many. */
  batchRows: { min: 1, max: 10_000, usual: 5_000 },
  matrixUsers: 50,
  batchConcurrency: { min: 1, max: 10 },
} as const;

/** Rules a newcomer starts with: what nearly every floor wants to hear of, and nothing that would chatter. */
export const DEFAULT_SETTINGS: Settings = {
  watchedAgentIds: [],
  rules: [
    { id: 'lunch', kind: 'longerThan', enabled: true, categories: ['unavailable'], reasons: ['Lunch'], minutes: 60 },
    { id: 'break', kind: 'longerThan', enabled: true, categories: ['unavailable'], reasons: ['Break'], minutes: 30 },
    { id: 'acw', kind: 'longerThan', enabled: true, categories: ['acw'], reasons: [], minutes: 10 },
    { id: 'logout', kind: 'unexpectedLogout', enabled: true, categories: [], reasons: [], minutes: 0 },
    { id: 'data', kind: 'dataProblem', enabled: true, categories: [], reasons: [], minutes: 0 },
  ],
  quietHours: { enabled: false, from: '22:00', to: '06:00', days: [0, 1, 2, 3, 4, 5, 6] },
  pollSeconds: 30,
  showNamesInNotifications: true,
  stayUntilDismissed: false,
  retentionDays: 30,
  persistSession: true,
  batchConcurrency: 5,
  levelRule: {
    five: { efficiency: 0.85, resolution: 0.75 },
    four: { efficiency: 0.7, resolution: 0.6 },
    three: { efficiency: 0.55 },
    none: 3,
  },
  auditUrl: '',
  wfmUrl: '',
};
