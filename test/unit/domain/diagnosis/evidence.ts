/** Evidence to vary: everything is in order, and the agent is missing all the same. */
import type { GrantEvent } from '../../../../src/domain/auth-status.ts';
import { diagnose } from '../../../../src/domain/diagnosis/diagnose.ts';
import type {
  AgentEvidence,
  Evidence,
  Failed,
  RowFinding,
  SharedEvidence,
  StateTry,
} from '../../../../src/domain/diagnosis/evidence.ts';
import type { DiagnosisRun } from '../../../../src/domain/diagnosis/run.ts';
import type { Verdict } from '../../../../src/domain/diagnosis/verdict.ts';

export const NOW = 1_800_000_000_000;
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const AGENT = '11111111-2222-4333-8444-555555555555';
export const OTHER = '99999999-2222-4333-8444-555555555555';
export const ORG = 'org-7';
export const SCOPES = ['view:agent', 'view:interaction'];
export const HOST = 'api.example.com';
/** Seconds from NOW, as a time of day. */
export const clock = (ms: number) => `T${(ms - NOW) / SECOND}`;

export const failed = (outcome: Failed['outcome'], status: number, more: Partial<Failed> = {}): Failed => ({
  ok: false,
  outcome,
  status,
  detail: '',
  notBeforeMs: 0,
  host: HOST,
  path: '/api/v2/agents/states',
  ...more,
});
export const gone = (path: string) => failed('serverError', 404, { path });

export const ROW: RowFinding = {
  category: 'available',
  stateName: 'Available',
  stateGiven: true,
  loggedIn: true,
  skills: 2,
  sinceMs: NOW - HOUR,
};
export const row = (more: Partial<RowFinding> = {}): RowFinding => ({ ...ROW, ...more });
/** `seconds` after the beginning. */
export const without = (seconds = 0): StateTry => ({ ok: true, row: null, atMs: NOW + seconds * SECOND });
export const withRow = (finding: RowFinding, seconds = 0): StateTry => ({ ok: true, row: finding, atMs: NOW + seconds * SECOND });
export const failing = (failure: Failed, seconds = 0): StateTry => ({ ...failure, atMs: NOW + seconds * SECOND });

export const grant = (
  kind: GrantEvent['kind'],
  atMs: number,
  nth: number,
  received: string[],
  lost: string[] = [],
): GrantEvent => ({
  atMs,
  kind,
  nth,
  requested: SCOPES,
  received,
  lost,
  source: 'response',
});
export const SIGN_IN = grant('signIn', NOW - 3 * HOUR, 0, SCOPES);

export const LISTED: NonNullable<SharedEvidence['list']> = {
  outcome: 'ok',
  status: 200,
  detail: '',
  host: HOST,
  agents: 29,
  atMs: NOW - 20 * SECOND,
};
export const NOBODY_LISTED = { ...LISTED, outcome: 'empty' as const, agents: 0 };

type Scopes = NonNullable<SharedEvidence['scopes']>;
export const scopes = (more: Partial<Scopes> = {}): Scopes => ({
  required: SCOPES,
  granted: SCOPES,
  effective: SCOPES,
  source: 'response',
  ledger: [SIGN_IN],
  ...more,
});
type Token = NonNullable<SharedEvidence['token']>;
export const token = (more: Partial<Token> = {}): Token => ({
  phase: 'signedIn',
  failure: null,
  hostsMissing: [],
  notBeforeMs: 0,
  rejected: null,
  expiresMs: NOW + HOUR,
  ...more,
});
export const ME = {
  ok: true as const,
  organisationId: ORG,
  roles: ['Supervisor'],
  permissions: ['Agent:View', 'AgentState:View'],
};
export const FOUND = { ok: true as const, organisationId: ORG, active: true };
type Identity = NonNullable<AgentEvidence['identity']>;
export const identity = (more: Partial<Identity> = {}): Identity => ({
  looksLike: 'uuid',
  expected: 'uuid',
  looked: false,
  searched: 0,
  complete: false,
  match: null,
  ...more,
});
export const searched = (more: Partial<Identity> = {}): Identity =>
  identity({ looked: true, searched: 30, complete: true, ...more });
export const GROUPS = {
  ok: true as const,
  groups: [
    { name: 'Billing', active: true },
    { name: 'Tier 1', active: true },
  ],
};

/** Before anything was asked: what a collector starts from. */
export const START: Evidence = {
  profile: 'v2',
  startedMs: NOW,
  endMs: NOW + 30 * SECOND,
  heard: true,
  token: null,
  scopes: null,
  tokenOrganisationId: ORG,
  me: null,
  list: LISTED,
  agentId: AGENT,
  missing: { sinceMs: NOW - 5 * MINUTE, polls: 10 },
  agent: null,
  identity: identity(),
  skillGroups: null,
  states: [],
  lastSeen: null,
};
/** Everything was asked, all of it is in order, and there is no state. */
export const PUZZLE: Evidence = {
  ...START,
  token: token({ rejected: false }),
  scopes: scopes(),
  me: ME,
  agent: FOUND,
  skillGroups: GROUPS,
  states: [without(1), without(6), without(11), without(16)],
};
export const puzzle = (more: Partial<Evidence> = {}): Evidence => ({ ...PUZZLE, ...more });
/** The state was not asked for yet. */
export const unasked = (more: Partial<Evidence> = {}): Evidence => ({ ...PUZZLE, states: [], ...more });
/** The whole list. */
export const everybody = (more: Partial<Evidence> = {}): Evidence => ({
  ...PUZZLE,
  agentId: '',
  identity: null,
  agent: null,
  skillGroups: null,
  list: NOBODY_LISTED,
  ...more,
});

export const verdicts = (evidence: Evidence): Verdict[] => diagnose(evidence, clock).verdicts;
export const codes = (pieces: Verdict['supports']) => pieces.map(({ code }) => code);

export function runOf(agents: Evidence[], more: Partial<DiagnosisRun> = {}): DiagnosisRun {
  const [first = PUZZLE] = agents;
  const { profile, startedMs, endMs, heard, token: held, scopes: carried, tokenOrganisationId, me, list } = first;
  return {
    id: 'run-1',
    connectionId: 'c1',
    by: 'user',
    status: 'done',
    startedMs: NOW,
    updatedMs: NOW + 16 * SECOND,
    doing: null,
    shared: { profile, startedMs, endMs, heard, token: held, scopes: carried, tokenOrganisationId, me, list },
    agents: agents.map(({ agentId, missing, agent, identity: whose, skillGroups, states, lastSeen }) => ({
      agentId,
      missing,
      agent,
      identity: whose,
      skillGroups,
      states,
      lastSeen,
    })),
    finished: agents.map(({ agentId }) => agentId),
    tookMs: { agent: 112, state: 15_020 },
    traces: [],
    before: null,
    ...more,
  };
}
