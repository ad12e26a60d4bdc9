import { describe, expect, it } from 'vitest';
import type { StateKind } from '../../../src/domain/agent-state.ts';
import { CXONE_WORDS } from '../../../src/domain/cxone-words.ts';
import type { Reason } from '../../../src/domain/desk.ts';
import { doubtfulReasons, suggestedReasons, tenantLimit } from '../../../src/pages/options/logic/reason-hints.ts';
import { STATES, SYSTEM_CODES } from '../cxone/public-schema.ts';

const reason = (name: string, over: Partial<Reason> = {}): Reason => ({
  id: name,
  name,
  active: true,
  acw: false,
  minutes: null,
  ...over,
});
const kind = (over: Partial<StateKind>): StateKind => ({
  category: 'unavailable',
  stateName: 'Unavailable',
  reason: '',
  skill: '',
  ...over,
});
const known = {
  reasons: [
    reason('Lunch', { minutes: 45 }),
    reason('Break', { minutes: 15 }),
    reason('Meeting'),
    reason('Fire drill', { active: false }),
    reason('Leave', { minutes: 10_000 }),
  ],
  seen: [kind({ reason: 'Coaching' }), kind({ reason: 'lunch' }), kind({ category: 'available', stateName: 'Ready' })],
};
const nothing = { reasons: [], seen: [] };

describe('reasons to choose from', () => {
  it('are those agents can choose and those that were seen, each once, in order', () => {
    expect(suggestedReasons(known, [])).toEqual(['Break', 'Coaching', 'Leave', 'Lunch', 'Meeting']);
  });
  it('are not those the rule has, however they are written', () => {
    expect(suggestedReasons(known, ['LUNCH', ' break'])).toEqual(['Coaching', 'Leave', 'Meeting']);
  });
  it('are those that were seen where the tenant has no list', () => {
    expect(suggestedReasons({ ...known, reasons: [] }, [])).toEqual(['Coaching', 'lunch']);
    expect(suggestedReasons(nothing, [])).toEqual([]);
  });
});

describe('reasons in doubt', () => {
  it('are those the tenant does not have, and those it has switched off', () => {
    expect(doubtfulReasons(known, ['lunch', 'Lunhc', 'FIRE DRILL'])).toEqual([
      { reason: 'Lunhc', why: 'unknown' },
      { reason: 'FIRE DRILL', why: 'off' },
    ]);
  });
  it('are not CXone’s own words, nor what was seen: a rule may name a state too', () => {
    expect(doubtfulReasons(known, [...CXONE_WORDS, 'Coaching', 'ready'])).toEqual([]);
  });
  it('are none where nobody can tell', () => {
    expect(doubtfulReasons({ ...known, reasons: [] }, ['Lunhc'])).toEqual([]);
  });
});

describe('the tenant’s own limit', () => {
  it('is the shortest of the reasons named', () => {
    expect(tenantLimit(known, ['LUNCH'])).toEqual({ reason: 'Lunch', minutes: 45 });
    expect(tenantLimit(known, ['Lunch', 'Break', 'Meeting'])).toEqual({ reason: 'Break', minutes: 15 });
  });
  it('is none without a reason, without a limit, or beyond what a rule may have', () => {
    expect(tenantLimit(known, [])).toBeNull();
    expect(tenantLimit(known, ['Meeting'])).toBeNull();
    expect(tenantLimit(known, ['Leave'])).toBeNull();
  });
});

it('CXone’s own words are those of the facts', () => {
  expect(CXONE_WORDS).toEqual([...STATES.map(([, name]) => name), ...SYSTEM_CODES.map(([, name]) => name)]);
});
