import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AgentState, CATEGORIES, type Category, type StateKind } from '../../../src/domain/agent-state.ts';
import { type AlertInput, NO_MEMORY, planAlerts } from '../../../src/domain/alerts.ts';
import { PROBLEM_CODES, type Problem } from '../../../src/domain/problem.ts';
import { RULE_KINDS, type Rule } from '../../../src/domain/settings.ts';
import type { Transition } from '../../../src/domain/transition.ts';
import { runs } from '../support/runs.ts';

const MIN = 60_000;
const NOW = 1_800_000_000_000;
const kind = (category: Category, reason = ''): StateKind => ({ category, stateName: category, reason, skill: '' });
const rule = (id: string, ruleKind: Rule['kind'], more: Partial<Rule> = {}): Rule => ({
  id,
  kind: ruleKind,
  enabled: true,
  categories: [],
  reasons: [],
  minutes: 0,
  ...more,
});
const change = (agentId: string, from: Category | null, to: Category, more: Partial<Transition> = {}): Transition => ({
  agentId,
  from: from && kind(from),
  to: kind(to),
  atMs: NOW - 1000,
  gap: false,
  ...more,
});
const inState = (agentId: string, category: Category, agoMs: number): AgentState => ({
  agentId,
  sinceMs: NOW - agoMs,
  sinceKnown: true,
  ...kind(category),
});
const calm: AlertInput = {
  transitions: [],
  watched: [],
  watchedIds: ['a', 'b', 'c', 'd', 'e', 'f'],
  rules: [],
  snoozedUntilMs: 0,
  snoozedAgents: {},
  memory: NO_MEMORY,
  problem: null,
  nowMs: NOW,
  quietNow: false,
};
const plan = (more: Partial<AlertInput>) => planAlerts({ ...calm, ...more });
const told = (more: Partial<AlertInput>) => plan(more).alerts.map(({ id }) => id);

describe('changes', () => {
  it('says what happened', () => {
    const { alerts, show } = plan({
      rules: [rule('r', 'enters', { categories: ['acw'] })],
      transitions: [change('a', 'working', 'acw')],
    });
    expect(alerts).toEqual([
      {
        id: 'a|r',
        kind: 'enters',
        ruleId: 'r',
        agentId: 'a',
        atMs: NOW - 1000,
        state: kind('acw'),
        minutes: 0,
        problem: null,
        silent: false,
      },
    ]);
    expect(show).toEqual({ singles: alerts, summary: null });
  });
  it.each<[string, Partial<Rule>, Transition, boolean]>([
    ['enters', { categories: ['acw'] }, change('a', 'working', 'acw'), true],
    ['enters', { categories: ['acw'] }, change('a', null, 'acw'), true],
    ['enters', { categories: ['acw'] }, change('a', 'acw', 'acw'), false],
    ['enters', { categories: ['acw', 'unavailable'] }, change('a', 'acw', 'unavailable'), false],
    ['enters', {}, change('a', 'working', 'acw'), true],
    ['enters', { reasons: ['lunch'] }, { ...change('a', 'working', 'acw'), to: kind('unavailable', 'Lunch') }, true],
    ['enters', { reasons: ['acw'] }, change('a', 'acw', 'acw'), false],
    ['leaves', { categories: ['acw'] }, change('a', 'acw', 'available'), true],
    ['leaves', { categories: ['acw'] }, change('a', 'available', 'acw'), false],
    ['leaves', {}, change('a', 'acw', 'available'), true],
    ['leaves', {}, change('a', null, 'available'), false],
    ['anyChange', {}, change('a', null, 'available'), true],
    ['unexpectedLogout', {}, change('a', 'working', 'loggedOut'), true],
    ['unexpectedLogout', {}, change('a', 'unavailable', 'loggedOut'), false],
    ['longerThan', {}, change('a', 'unavailable', 'loggedOut'), false],
    ['dataProblem', {}, change('a', 'unavailable', 'loggedOut'), false],
  ])('%s %j', (ruleKind, more, transition, fires) => {
    expect(told({ rules: [rule('r', ruleKind as Rule['kind'], more)], transitions: [transition] })).toEqual(fires ? ['a|r'] : []);
  });
  it('is silent about gaps, people not watched and rules switched off', () => {
    const rules = [rule('r', 'anyChange')];
    expect(told({ rules, transitions: [change('a', 'working', 'acw', { gap: true }), change('z', 'working', 'acw')] })).toEqual(
      [],
    );
    expect(told({ rules: [rule('r', 'anyChange', { enabled: false })], transitions: [change('a', 'working', 'acw')] })).toEqual(
      [],
    );
  });
  it('gives one alert a change, of the most telling rule', () => {
    const rules = [rule('any', 'anyChange'), rule('out', 'leaves'), rule('in', 'enters'), rule('gone', 'unexpectedLogout')];
    const transitions = [change('a', 'working', 'loggedOut')];
    const seen: string[] = [];
    for (let left = rules; left.length > 0; left = left.slice(0, -1)) seen.push(told({ rules: left, transitions }).join());
    expect(seen).toEqual(['a|gone', 'a|in', 'a|out', 'a|any']);
  });
  it('cools down for 5 minutes per agent and rule', () => {
    const rules = [rule('r', 'anyChange')];
    const { memory } = plan({ rules, transitions: [change('a', 'working', 'acw')] });
    const later = (ms: number, agentId = 'a') =>
      told({ rules, memory, nowMs: NOW + ms, transitions: [change(agentId, 'acw', 'working', { atMs: NOW + ms })] });
    expect([later(5 * MIN - 1), later(5 * MIN), later(1000, 'b')]).toEqual([[], ['a|r'], ['b|r']]);
    expect(later(-60 * MIN), 'older than what was told').toEqual([]);
  });
  it('does not let changes that are kept back make the pause longer', () => {
    let { memory } = plan({ rules: [rule('r', 'anyChange')], transitions: [change('a', 'working', 'acw')] });
    const fired = [2, 4, 5, 7, 9, 10].filter((min) => {
      const poll = { rules: [rule('r', 'anyChange')], memory, nowMs: NOW + min * MIN };
      const next = plan({ ...poll, transitions: [change('a', 'acw', 'working', { atMs: NOW + min * MIN })] });
      memory = next.memory;
      return next.alerts.length > 0;
    });
    expect(fired).toEqual([5, 10]);
  });
  it('is not held back by a clock that was set back', () => {
    const memory = { fired: { 'a|r': { atMs: NOW + 60 * MIN, stayMs: NOW - 5 * MIN } }, problem: null };
    expect(told({ rules: [rule('r', 'anyChange')], memory, transitions: [change('a', 'acw', 'working')] })).toEqual(['a|r']);
  });
});

describe('longerThan', () => {
  const rules = [rule('acw', 'longerThan', { categories: ['acw'], minutes: 10 })];
  it('fires at its limit, once per stay', () => {
    expect(told({ rules, watched: [inState('a', 'acw', 10 * MIN - 1)] })).toEqual([]);
    const first = plan({ rules, watched: [inState('a', 'acw', 10 * MIN)] });
    expect(first.alerts).toMatchObject([{ id: 'a|acw', minutes: 10, state: kind('acw'), atMs: NOW }]);
    for (const days of [0, 0.1, 2, 3]) {
      const input = { rules, memory: first.memory, nowMs: NOW + days * 1440 * MIN };
      expect(told({ ...input, watched: [inState('a', 'acw', 10 * MIN)] })).toEqual([]);
      expect(told({ ...input, nowMs: input.nowMs + 20 * MIN, watched: [inState('a', 'acw', -5 * MIN)] })).toEqual(['a|acw']);
    }
  });
  it('remembers over polls that do not answer for the agent, however long', () => {
    const watched = [inState('a', 'acw', 10 * MIN)];
    let { memory } = plan({ rules, watched });
    memory = plan({ rules, memory, nowMs: NOW + 2880 * MIN }).memory;
    expect(told({ rules, memory, watched, nowMs: NOW + 2881 * MIN })).toEqual([]);
  });
  it('lets the longest of several limits speak, and each in its time', () => {
    const two = [...rules, rule('long', 'longerThan', { minutes: 30 })];
    expect(told({ rules: two, watched: [inState('a', 'acw', 40 * MIN)] })).toEqual(['a|long']);
    const early = plan({ rules: two, watched: [inState('a', 'acw', 20 * MIN)] });
    expect(early.alerts.map(({ id }) => id)).toEqual(['a|acw']);
    expect(told({ rules: two, memory: early.memory, watched: [inState('a', 'acw', 20 * MIN)], nowMs: NOW + 10 * MIN })).toEqual([
      'a|long',
    ]);
  });
});

describe('dataProblem', () => {
  const rules = [rule('data', 'dataProblem')];
  const problem = (code: Problem['code'], agoMs: number, severity: Problem['severity'] = 'error'): Problem => ({
    code,
    severity,
    params: [],
    fix: null,
    sinceMs: NOW - agoMs,
  });
  it('fires for an error that has lasted a minute and is not the user’s doing', () => {
    const codes = PROBLEM_CODES.filter((code) => told({ rules, problem: problem(code, MIN) }).length > 0);
    expect(PROBLEM_CODES.filter((code) => !codes.includes(code))).toEqual(['notConfigured', 'signedOut', 'signingIn']);
    expect(told({ rules, problem: problem('offline', MIN - 1) })).toEqual([]);
    expect(told({ rules, problem: problem('offline', MIN, 'warning') })).toEqual([]);
    expect(told({ rules: [], problem: problem('offline', MIN) })).toEqual([]);
    expect(plan({ rules, problem: problem('offline', MIN) }).alerts).toMatchObject([
      { id: '|data', agentId: null, state: null, atMs: NOW },
    ]);
  });
  it('fires again for another code, or after 15 minutes, even if it went in between', () => {
    const { memory } = plan({ rules, problem: problem('offline', MIN) });
    const again = (ms: number, code: Problem['code'] = 'offline', from = memory) =>
      told({ rules, memory: from, nowMs: NOW + ms, problem: problem(code, MIN) });
    expect([again(1000), again(15 * MIN - 1), again(15 * MIN), again(1000, 'portal')]).toEqual([[], [], ['|data'], ['|data']]);
    const between = plan({ rules, memory, nowMs: NOW + MIN }).memory;
    expect(between).toBe(memory);
    expect(again(2 * MIN, 'offline', between)).toEqual([]);
    expect(plan({ rules, memory, nowMs: NOW + 15 * MIN }).memory.problem).toBeNull();
  });
  it('does not fill the record with repeats that nobody sees, and speaks up when quiet ends', () => {
    const still = problem('offline', MIN);
    const first = plan({ rules, problem: still, quietNow: true });
    expect(first.alerts).toMatchObject([{ silent: true }]);
    const later = { rules, problem: still, memory: first.memory, nowMs: NOW + 60 * MIN };
    expect(plan({ ...later, quietNow: true }).memory).toBe(first.memory);
    expect(told({ ...later, quietNow: true })).toEqual([]);
    expect(plan(later).show.singles).toHaveLength(1);
  });
});

describe('what is shown', () => {
  const rules = [
    rule('in', 'enters'),
    rule('gone', 'unexpectedLogout'),
    rule('acw', 'longerThan', { categories: ['acw'], minutes: 1 }),
  ];
  it.each([
    ['quiet hours', { quietNow: true }],
    ['snooze', { snoozedUntilMs: NOW + 1 }],
    ['snoozed agent', { snoozedAgents: { a: NOW + 1 } }],
  ])('nothing, but recorded, in %s', (_, more) => {
    const { alerts, show } = plan({ rules, transitions: [change('a', 'working', 'acw')], ...more });
    expect(alerts).toMatchObject([{ id: 'a|in', silent: true }]);
    expect(show).toEqual({ singles: [], summary: null });
  });
  it('a snooze ends, and is another’s only for that agent', () => {
    const transitions = [change('a', 'working', 'acw')];
    expect(plan({ rules, transitions, snoozedUntilMs: NOW, snoozedAgents: { b: NOW + 1, a: NOW } }).show.singles).toHaveLength(1);
  });
  it('the three most telling, and the rest in one summary', () => {
    const { alerts, show } = plan({
      rules: [...rules, rule('data', 'dataProblem')],
      transitions: [
        change('a', 'working', 'acw'),
        change('b', 'working', 'loggedOut'),
        change('c', 'working', 'acw', { atMs: NOW - 500 }),
        change('d', 'available', 'loggedOut'),
      ],
      watched: [inState('e', 'acw', 2 * MIN)],
      problem: { code: 'partial', severity: 'error', params: [], fix: null, sinceMs: 0 },
    });
    expect(alerts.map(({ id }) => id)).toEqual(['|data', 'b|gone', 'd|gone', 'e|acw', 'c|in', 'a|in']);
    expect(show.singles).toEqual(alerts.slice(0, 3));
    expect(show.summary).toEqual({ count: 3, alerts: alerts.slice(3) });
    expect(alerts.map(({ silent }) => silent)).toEqual([false, false, false, true, true, true]);
  });
});

describe('memory', () => {
  const fired = { atMs: NOW - 1000, stayMs: NOW - 2000 };
  it('forgets people no longer watched, rules that are gone and what is a day old, whatever is in an id', () => {
    const keys = ['a|r', 'b|x|r', 'b|gone', 'z|r', 'r'];
    const memory = {
      fired: { ...Object.fromEntries(keys.map((key) => [key, fired])), 'c|r': { atMs: NOW - 1440 * MIN, stayMs: 5 } },
      problem: null,
    };
    const rules = [rule('r', 'leaves'), rule('x|r', 'enters', { enabled: false })];
    const next = plan({ rules, memory, watched: [inState('c', 'acw', MIN)] }).memory;
    expect(Object.keys(next.fired)).toEqual(['a|r', 'b|x|r']);
  });
  it('is the same object when nothing changed, and never altered in place', () => {
    const memory = { fired: { 'a|r': fired }, problem: null };
    const frozen = structuredClone(memory);
    const rules = [rule('r', 'anyChange')];
    expect(plan({ rules, memory, watched: [inState('a', 'acw', MIN)] }).memory).toBe(memory);
    const next = plan({ rules, memory, transitions: [change('b', 'acw', 'working')] }).memory;
    expect(Object.keys(next.fired)).toEqual(['a|r', 'b|r']);
    expect(memory).toEqual(frozen);
  });
});

describe('any poll', () => {
  const agent = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'z');
  const category = fc.constantFrom(...CATEGORIES);
  const ago = fc.integer({ min: 0, max: 2000 * MIN });
  const anyRule = fc.record({
    kind: fc.constantFrom(...RULE_KINDS),
    enabled: fc.boolean(),
    categories: fc.subarray([...CATEGORIES], { maxLength: 3 }),
    minutes: fc.integer({ min: 1, max: 720 }),
  });
  const input: fc.Arbitrary<AlertInput> = fc
    .record({
      rules: fc.array(anyRule, { maxLength: 6 }),
      transitions: fc.array(fc.record({ agent, from: fc.option(category), to: category, ago, gap: fc.boolean() }), {
        maxLength: 8,
      }),
      watched: fc.array(fc.record({ agent, category, ago }), { maxLength: 6 }),
      problem: fc.option(
        fc.record({
          code: fc.constantFrom(...PROBLEM_CODES),
          severity: fc.constantFrom('error' as const, 'warning' as const),
          params: fc.constant<string[]>([]),
          fix: fc.constant(null),
          sinceMs: ago.map((ms) => NOW - ms),
        }),
      ),
      snoozedUntilMs: fc.constantFrom(0, NOW + 1),
      snoozedAgents: fc.constantFrom({}, { a: NOW + 1 }),
      quietNow: fc.boolean(),
      memory: fc.record({
        fired: fc.dictionary(
          fc.constantFrom('a|0', 'b|1', 'z|0', 'e|9'),
          fc.record({ atMs: ago.map((ms) => NOW - ms), stayMs: ago.map((ms) => NOW - ms) }),
        ),
        problem: fc.option(
          fc.record({
            code: fc.constantFrom(...PROBLEM_CODES),
            sinceMs: fc.constant(NOW - MIN),
            notifiedMs: ago.map((ms) => NOW - ms),
          }),
        ),
      }),
    })
    .map((raw) => ({
      ...calm,
      ...raw,
      rules: raw.rules.map(({ kind: ruleKind, ...more }, i) => rule(String(i), ruleKind, more)),
      transitions: raw.transitions.map((t) => change(t.agent, t.from, t.to, { atMs: NOW - t.ago, gap: t.gap })),
      // One state per agent, as in a snapshot.
      watched: [...new Map(raw.watched.map((w) => [w.agent, inState(w.agent, w.category, w.ago)])).values()],
    }));

  it('run again gives nothing new, then or six minutes later', () => {
    fc.assert(
      fc.property(input, (poll) => {
        const first = planAlerts(poll);
        const again = planAlerts({ ...poll, memory: first.memory });
        expect(again.alerts).toEqual([]);
        expect(again.memory).toBe(first.memory);
        // Later a limit may be passed meanwhile; the changes themselves must stay told.
        const later = planAlerts({ ...poll, memory: first.memory, watched: [], problem: null, nowMs: NOW + 6 * MIN });
        expect(later.alerts).toEqual([]);
      }),
      runs(10_000),
    );
  });
  it('shows at most three, each alert once, and nothing that is snoozed or in quiet hours', () => {
    fc.assert(
      fc.property(input, (poll) => {
        const { alerts, show, memory } = planAlerts(poll);
        const summarised = show.summary?.alerts ?? [];
        expect(show.singles.length).toBeLessThanOrEqual(3);
        expect(show.summary === null || show.singles.length === 3).toBe(true);
        expect(show.summary?.count ?? 0).toBe(summarised.length);
        const shown = [...show.singles, ...summarised];
        expect(new Set(shown).size).toBe(shown.length);
        expect(new Set(alerts.map(({ id }) => id)).size).toBe(alerts.length);
        const quiet = poll.quietNow || poll.snoozedUntilMs > NOW;
        const loud = alerts.filter(({ agentId }) => !quiet && !(agentId !== null && (poll.snoozedAgents[agentId] ?? 0) > NOW));
        expect(shown).toEqual(loud);
        expect(alerts.filter(({ silent }) => !silent)).toEqual(show.singles);
        for (const key of Object.keys(memory.fired)) expect(key).toMatch(/^[a-e]\|[0-5]$/);
        for (const { agentId, ruleId } of alerts) {
          expect(agentId).not.toBe('z');
          expect(poll.rules.find(({ id }) => id === ruleId)?.enabled).toBe(true);
        }
      }),
      runs(10_000),
    );
  });
});
