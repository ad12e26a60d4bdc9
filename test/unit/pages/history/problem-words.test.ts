import { describe, expect, it } from 'vitest';
import { HISTORY_PROBLEMS } from '../../../../src/domain/history/history.ts';
import { beginsLate, insteadKey, isCalm, problemWords } from '../../../../src/pages/console/history/problem-words.ts';
import { NOW } from '../rows.ts';
import { DAY, HOUR, inARow } from './made.ts';

const day = { fromMs: NOW - DAY, toMs: NOW };
const old = { fromMs: NOW - 95 * DAY, toMs: NOW - 94 * DAY };

describe('a problem in words', () => {
  it.each(HISTORY_PROBLEMS)('%s has a title and a text', (problem) => {
    const { title, text } = problemWords(problem, day, 7, NOW);
    expect([title, text].every((each) => /\S/.test(each) && !each.includes('$'))).toBe(true);
  });
  it('says how much has come of what was too much', () => {
    expect(problemWords('tooMuch', day, 9_999, NOW).text).toContain('9,999 records');
    expect(problemWords('tooMuch', day, 9_999, NOW).title).not.toMatch(/\d/);
  });
  it('of a refused question names dates, their order and the id', () => {
    const { title, text } = problemWords('badRange', day, 0, NOW);
    for (const word of ['times', 'too long ago', 'wrong way round', 'id']) expect(text).toContain(word);
    expect(title).not.toBe(problemWords('badRange', { fromMs: NOW, toMs: NOW + HOUR }, 0, NOW).title);
  });
  it('of a time to come asks for an earlier one', () => {
    const { text } = problemWords('badRange', { fromMs: NOW + HOUR, toMs: NOW + 2 * HOUR }, 0, NOW);
    expect(text).toContain('earlier');
    expect(text).not.toContain('later');
  });
  it('says that histories are kept for so long where the time is that old, and not of yesterday', () => {
    expect(problemWords('noData', old, 0, NOW).text).toContain('30 to 90 days');
    expect(problemWords('noData', day, 0, NOW).text).not.toContain('30 to 90 days');
    expect(isCalm('noData')).toBe(true);
    expect(isCalm('forbidden')).toBe(false);
  });
});

describe('what is seen instead', () => {
  it('is ours "until then" only where something can be done', () => {
    for (const problem of ['capabilityOff', 'scopeMissing', 'offline', 'signInNeeded'] as const)
      expect(insteadKey(problem, ['ours'])).toBe('history_oursInstead');
    for (const problem of ['unsupported', 'badRange', 'badAgent', 'noData'] as const)
      expect(insteadKey(problem, ['both', 'none'])).toBe('history_oursAlone');
  });
  it('may be nothing, or what has come', () => {
    expect(insteadKey('noData', ['none', undefined])).toBe('history_nothingInstead');
    expect(insteadKey('offline', ['ours', 'tenant'])).toBe('history_shownSoFar');
    expect(insteadKey('tooMuch', ['tenant'])).toBeNull();
  });
});

describe('records that begin long after the range', () => {
  const range = { fromMs: NOW - 100 * DAY, toMs: NOW - 75 * DAY };
  const known = (after: number, problem: 'offline' | null = null) => ({
    segments: inARow(
      range.fromMs,
      ['unknown', after, { source: 'unknown' }],
      ['available', HOUR],
      ['working', HOUR, { source: 'seen' }],
    ),
    problem,
  });
  it('may be all that is left of an old one', () => {
    expect(beginsLate(known(10 * DAY), range, NOW)).toBe(true);
    expect(beginsLate(known(3 * DAY), range, NOW)).toBe(false);
    expect(beginsLate(known(10 * DAY), range, NOW - 75 * DAY)).toBe(false);
  });
  it('that have not all come, or are not there at all, are another matter', () => {
    expect(beginsLate(known(10 * DAY, 'offline'), range, NOW)).toBe(false);
    const ours = inARow(range.fromMs, ['unknown', 10 * DAY, { source: 'unknown' }], ['available', 9 * DAY, { source: 'seen' }]);
    expect(beginsLate({ segments: ours, problem: null }, range, NOW)).toBe(false);
  });
});
