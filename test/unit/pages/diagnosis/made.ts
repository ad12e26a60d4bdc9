/** Diagnoses to show, made up. */
import type { AgentEvidence } from '../../../../src/domain/diagnosis/evidence.ts';
import type { DiagnosisRun, KnownCause } from '../../../../src/domain/diagnosis/run.ts';
import type { Verdict } from '../../../../src/domain/diagnosis/verdict.ts';
import { NOW } from '../rows.ts';

export function evidence(agentId: string): AgentEvidence {
  return { agentId, missing: null, agent: null, identity: null, skillGroups: null, states: [], lastSeen: null };
}

export function diagnosisRun(over: Partial<DiagnosisRun> = {}, agentIds: string[] = ['a1']): DiagnosisRun {
  return {
    id: 'r1',
    connectionId: 'c',
    by: 'user',
    status: 'done',
    startedMs: NOW,
    updatedMs: NOW,
    doing: null,
    shared: {
      profile: 'v2',
      startedMs: NOW,
      endMs: NOW + 30_000,
      heard: true,
      token: null,
      scopes: null,
      tokenOrganisationId: '',
      me: null,
      list: null,
    },
    agents: agentIds.map(evidence),
    finished: agentIds,
    tookMs: {},
    traces: [],
    before: null,
    ...over,
  };
}

export function known(over: Partial<KnownCause> = {}): KnownCause {
  return { runId: 'r1', agentId: 'a1', cause: 'noSkillGroups', confidence: 'certain', params: [], atMs: NOW, ...over };
}

export function verdict(over: Partial<Verdict> = {}): Verdict {
  return {
    cause: 'noSkillGroups',
    confidence: 'certain',
    params: [],
    whoCanFix: 'admin',
    remedy: 'openAdmin',
    remedyArgument: '',
    supports: [],
    contradicts: [],
    ...over,
  };
}
