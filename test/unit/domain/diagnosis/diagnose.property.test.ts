import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAUSES, type Cause, CONFIDENCES } from '../../../../src/domain/diagnosis/causes.ts';
import { diagnose } from '../../../../src/domain/diagnosis/diagnose.ts';
import type { Evidence, Failed } from '../../../../src/domain/diagnosis/evidence.ts';
import { PIECES } from '../../../../src/domain/diagnosis/verdict.ts';
import { formatClock } from '../../../../src/domain/time.ts';
import { runs } from '../../support/runs.ts';
import { anyEvidence } from './any-evidence.ts';

/** Everything that failed, whoever asked. */
function failures({ me, agent, skillGroups, states, list }: Evidence): Pick<Failed, 'outcome' | 'status' | 'detail'>[] {
  const asked = [me, agent, skillGroups, ...states].flatMap((each) => (each && !each.ok ? [each] : []));
  const listed = list && list.outcome !== 'ok' && list.outcome !== 'partial' && list.outcome !== 'empty' ? [list] : [];
  return [...asked, ...(listed as Pick<Failed, 'outcome' | 'status' | 'detail'>[])];
}
const some = (evidence: Evidence, fits: (failed: Pick<Failed, 'outcome' | 'status' | 'detail'>) => boolean) =>
  failures(evidence).some(fits);
const lacks = ({ scopes }: Evidence) => scopes?.required.some((scope) => !scopes.effective.includes(scope)) ?? false;
const lastRow = ({ states }: Evidence) => {
  const last = states.at(-1);
  return last?.ok ? last.row : null;
};
const isMissing = ({ missing, states, list, agentId }: Evidence) =>
  missing !== null ||
  states.some((each) => each.ok && each.row === null) ||
  list?.outcome === 'empty' ||
  (list?.outcome === 'ok' && !(list.agents > 0)) ||
  agentId === '';

/** Without this, nobody can be certain of the cause. Written down apart from the rules. */
const NEEDS: Record<Cause, (evidence: Evidence) => boolean> = {
  hostAccessMissing: ({ token }) => (token?.hostsMissing.length ?? 0) > 0,
  unreachable: (evidence) => some(evidence, ({ outcome }) => outcome === 'offline' || outcome === 'serverError'),
  captivePortal: (evidence) => some(evidence, ({ outcome }) => outcome === 'portal'),
  rateLimited: (evidence) => (evidence.token?.notBeforeMs ?? 0) > 0 || some(evidence, ({ outcome }) => outcome === 'rateLimited'),
  wrongHostOrVersion: (evidence) => some(evidence, ({ status }) => [404, 405, 410, 501].includes(status)),
  malformed: (evidence) => some(evidence, ({ outcome }) => outcome === 'malformed'),
  tokenRejected: ({ token }) => token !== null && (token.rejected === true || ['signedOut', 'needsSignIn'].includes(token.phase)),
  scopeEmpty: (evidence) =>
    lacks(evidence) && (evidence.scopes?.required ?? []).every((s) => !evidence.scopes?.effective.includes(s)),
  scopeDroppedOnRefresh: (evidence) =>
    lacks(evidence) && (evidence.scopes?.ledger.some(({ kind, lost }) => kind !== 'signIn' && lost.length > 0) ?? false),
  scopeMissing: lacks,
  roleLacksPermission: (evidence) =>
    some(evidence, ({ outcome }) => outcome === 'forbidden') ||
    (evidence.me?.ok === true &&
      evidence.me.permissions.length > 0 &&
      !evidence.me.permissions.includes('AgentState:View') &&
      isMissing(evidence)),
  partitionRestricted: (evidence) => some(evidence, ({ outcome }) => outcome === 'forbidden'),
  organisationMismatch: ({ agent, me, tokenOrganisationId }) =>
    agent?.ok === true && agent.organisationId.trim() !== '' && (tokenOrganisationId.trim() !== '' || me?.ok === true),
  wrongKindOfId: ({ identity, agent, agentId }) =>
    identity?.match != null && identity.match.agentId !== agentId && agent?.ok !== true,
  agentNotFound: ({ agent, identity }) =>
    agent?.ok === false && (agent.status === 404 || agent.status === 410) && identity?.looked === true && identity.complete,
  noSkillGroups: (evidence) =>
    evidence.skillGroups?.ok === true && evidence.skillGroups.groups.length === 0 && isMissing(evidence),
  skillInactive: (evidence) =>
    evidence.skillGroups?.ok === true &&
    evidence.skillGroups.groups.length > 0 &&
    evidence.skillGroups.groups.every(({ active }) => active === false),
  noChangeSince: (evidence) => some(evidence, ({ outcome }) => outcome === 'unchanged'),
  loggedOut: (evidence) => lastRow(evidence)?.category === 'loggedOut' || lastRow(evidence)?.loggedIn === false,
  notLoggedInToASkill: (evidence) => lastRow(evidence)?.skills === 0 && lastRow(evidence)?.category !== 'loggedOut',
  noStateSet: (evidence) => {
    const row = lastRow(evidence);
    return row !== null && (!row.stateGiven || row.category === 'loggedIn');
  },
  propagationDelay: ({ states, agentId }) =>
    states.length > 1 && states.some((each) => each.ok && each.row === null) && (agentId === '' || states.at(-1)?.ok === true),
};

const clock = (ms: number) => formatClock(ms, 'en', 'UTC');

describe('whatever the evidence', () => {
  it('there are verdicts, each with what it rests on, none surer than its evidence', () => {
    fc.assert(
      fc.property(anyEvidence(), (evidence) => {
        const { verdicts, answered } = diagnose(evidence, clock);
        expect(new Set(verdicts.map(({ cause }) => cause)).size).toBe(verdicts.length);
        const ranks = verdicts.map(({ confidence }) => CONFIDENCES.indexOf(confidence));
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
        for (const verdict of verdicts) {
          const { cause, confidence, supports, contradicts, params, remedy, remedyArgument } = verdict;
          expect(supports.length, cause).toBeGreaterThan(0);
          for (const { code, params: filled } of [...supports, ...contradicts]) {
            expect(PIECES).toContain(code);
            expect(filled.every((param) => typeof param === 'string')).toBe(true);
          }
          expect(params.every((param) => typeof param === 'string')).toBe(true);
          if (remedy === 'watchInstead' || remedy === 'runLater' || remedy === 'grantHosts') {
            if (remedy !== 'grantHosts') expect(remedyArgument).not.toBe('');
          } else expect(remedyArgument).toBe('');
          if (remedy === 'runLater') expect(Number(remedyArgument)).toBeGreaterThan(0);
          if (confidence !== 'certain') continue;
          expect(contradicts, cause).toEqual([]);
          expect(NEEDS[cause](evidence), cause).toBe(true);
        }
        if (answered)
          expect(verdicts.every(({ cause }) => cause === 'propagationDelay' || cause === 'notLoggedInToASkill')).toBe(true);
      }),
      runs(2000),
    );
  });

  it('the same evidence comes to the same verdicts, and is left as it was', () => {
    fc.assert(
      fc.property(anyEvidence(), (evidence) => {
        const before = structuredClone(evidence);
        expect(diagnose(evidence, clock)).toEqual(diagnose(evidence, clock));
        expect(evidence).toEqual(before);
      }),
      runs(300),
    );
  });

  // What was never tried holds nothing: the same evidence each time, so that it does not depend on luck.
  it('tries every cause, and every cause certain', () => {
    const found = fc
      .sample(anyEvidence(), { seed: 5, numRuns: 20_000 })
      .flatMap((evidence) => diagnose(evidence, clock).verdicts)
      .map(({ cause, confidence }) => [cause, confidence] as const);
    const told = new Set(found.map(([cause]) => cause));
    const certain = new Set(found.flatMap(([cause, confidence]) => (confidence === 'certain' ? [cause] : [])));
    expect(CAUSES.filter((cause) => !told.has(cause))).toEqual([]);
    expect(CAUSES.filter((cause) => !certain.has(cause))).toEqual([]);
  });
});
