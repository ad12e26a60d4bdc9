/** Evidence as it never should be: anything missing, times that are none, words of any length, findings that contradict one another. */
import fc from 'fast-check';
import { CATEGORIES } from '../../../../src/domain/agent-state.ts';
import { AUTH_FAILURES, AUTH_PHASES, SCOPE_SOURCES } from '../../../../src/domain/auth-status.ts';
import { type AgentEvidence, type Evidence, type Failed, ID_KINDS } from '../../../../src/domain/diagnosis/evidence.ts';
import { POLL_OUTCOMES } from '../../../../src/domain/problem.ts';
import {
  AGENT,
  everybody,
  failed,
  failing,
  gone,
  HOST,
  identity,
  NOW,
  ORG,
  OTHER,
  PUZZLE,
  SCOPES,
  searched,
  unasked,
} from './evidence.ts';

const FAILED = POLL_OUTCOMES.filter(
  (outcome) => outcome !== 'ok' && outcome !== 'partial' && outcome !== 'empty',
) as Failed['outcome'][];

const moment = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -90_000, max: 90_000 }).map((ms) => NOW + ms) },
  fc.constantFrom(0, -1, Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1, NOW - 86_400_000),
);
const count = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0, max: 40 }) }, fc.constantFrom(Number.NaN, -1, 1e12));
const words = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('', 'Billing', 'restricted by partition', 'You may not.') },
  fc.string({ maxLength: 12 }),
  fc.constant('x'.repeat(5000)),
);
const id = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(AGENT, OTHER, '4711', 'dana@example.com', '') },
  fc.string({ maxLength: 10 }),
);
const organisation = fc.constantFrom(ORG, ORG, 'org-9', '', ' ', 'ORG-7');
const scopeList = fc.subarray([...SCOPES, 'openid', 'reporting']);
const flag = fc.boolean();
const status = fc.constantFrom(0, 200, 304, 400, 401, 403, 404, 429, 500, 501, 503, Number.NaN);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 5 });

const anyFailure: fc.Arbitrary<Failed> = fc.record({
  ok: fc.constant(false as const),
  outcome: fc.constantFrom(...FAILED),
  status,
  detail: words,
  notBeforeMs: moment,
  host: fc.constantFrom(HOST, ''),
  path: fc.constantFrom('/api/v2/agents/states', ''),
});
/** As servers really fail, too: by chance alone outcome and status seldom fit. */
const failure = fc.oneof(
  anyFailure,
  fc.constantFrom(
    gone('/api/v2/agents/x'),
    failed('forbidden', 403),
    failed('serverError', 503),
    failed('offline', 0),
    failed('rateLimited', 429, { notBeforeMs: NOW + 30_000 }),
  ),
);
const got = <T extends object>(value: fc.Arbitrary<T>) =>
  maybe(fc.oneof({ weight: 2, arbitrary: value.map((each) => ({ ok: true as const, ...each })) }, failure));

const row = fc.record({
  category: fc.constantFrom(...CATEGORIES),
  stateName: words,
  stateGiven: flag,
  loggedIn: maybe(flag),
  skills: maybe(count),
  sinceMs: moment,
});
const stateTry = fc
  .tuple(fc.oneof(fc.record({ ok: fc.constant(true as const), row: maybe(row) }), failure), moment)
  .map(([answer, atMs]) => ({ ...answer, atMs }));

const grantEvent = fc.record({
  atMs: moment,
  kind: fc.constantFrom('signIn' as const, 'silentSignIn' as const, 'renewal' as const),
  nth: count,
  requested: scopeList,
  received: scopeList,
  lost: scopeList,
});

export const anyAgent = (): fc.Arbitrary<AgentEvidence & { unasked: boolean }> =>
  fc.record({
    unasked: flag,
    agentId: id,
    missing: maybe(fc.record({ sinceMs: moment, polls: count })),
    agent: got(fc.record({ organisationId: organisation, active: maybe(flag) })),
    identity: maybe(
      fc.oneof(
        fc.constantFrom(identity(), searched(), searched({ match: { kind: 'userId', agentId: OTHER } })),
        fc.record({
          looksLike: fc.constantFrom(...ID_KINDS),
          expected: fc.constantFrom(...ID_KINDS),
          looked: flag,
          searched: count,
          complete: flag,
          match: maybe(fc.record({ kind: fc.constantFrom(...ID_KINDS), agentId: id })),
        }),
      ),
    ),
    skillGroups: got(fc.record({ groups: fc.array(fc.record({ name: words, active: maybe(flag) }), { maxLength: 4 }) })),
    states: fc.array(stateTry, { maxLength: 5 }),
    lastSeen: maybe(fc.record({ category: fc.constantFrom(...CATEGORIES), stateName: words, atMs: moment })),
  });

const mixture = (): fc.Arbitrary<Evidence> =>
  fc
    .tuple(
      fc.record({
        profile: fc.constant('v2' as const),
        startedMs: moment,
        endMs: moment,
        heard: flag,
        token: maybe(
          fc.record({
            phase: fc.constantFrom('signedIn' as const, 'signedIn' as const, ...AUTH_PHASES),
            failure: maybe(fc.constantFrom(...AUTH_FAILURES)),
            hostsMissing: fc.oneof({ weight: 5, arbitrary: fc.constant<string[]>([]) }, fc.array(words, { maxLength: 2 })),
            notBeforeMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, moment),
            rejected: fc.constantFrom(null, false, false, true),
            expiresMs: moment,
          }),
        ),
        scopes: maybe(
          fc.record({
            required: scopeList,
            granted: scopeList,
            effective: scopeList,
            source: fc.constantFrom(...SCOPE_SOURCES),
            ledger: fc.array(grantEvent, { maxLength: 4 }),
          }),
        ),
        tokenOrganisationId: organisation,
        me: got(
          fc.record({
            organisationId: organisation,
            roles: fc.array(fc.constantFrom('Supervisor', 'Agent', ''), { maxLength: 2 }),
            permissions: fc.array(fc.constantFrom('AgentState:View', 'Agent:View', ''), { maxLength: 2 }),
          }),
        ),
        list: maybe(
          fc.record({
            outcome: fc.constantFrom(...POLL_OUTCOMES),
            status,
            detail: words,
            host: fc.constantFrom(HOST, ''),
            agents: count,
            atMs: moment,
          }),
        ),
      }),
      anyAgent(),
    )
    .map(([shared, agent]) => ({ ...shared, ...agent }));

const KEYS = Object.keys(PUZZLE) as (keyof Evidence)[];
const nowhere = gone('/api/v2/agents/states');
/** All is well but that there is no state; nobody is listed; nothing is found. */
const BASES = [PUZZLE, everybody(), unasked({ me: nowhere, list: null, states: [failing(nowhere)] })];

/** Any mixture, or one of the bases with a few things otherwise: those come close to the causes. */
export const anyEvidence = (): fc.Arbitrary<Evidence> =>
  fc.oneof(
    mixture(),
    fc
      .tuple(fc.constantFrom(...BASES), mixture(), fc.subarray(KEYS, { maxLength: 4 }))
      .map(([base, mixed, keys]) => ({ ...base, ...Object.fromEntries(keys.map((key) => [key, mixed[key]])) })),
  );
