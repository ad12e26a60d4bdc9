import { describe, expect, it } from 'vitest';
import messages from '../../../../public/_locales/en/messages.json' with { type: 'json' };
import { HISTORY_PROBLEMS } from '../../../../src/domain/history/history.ts';
import { DIFFERENCES } from '../../../../src/domain/history/overlay.ts';
import { RANGES } from '../../../../src/pages/console/history/question.ts';
import {
  differenceText,
  formatDay,
  formatExact,
  formatMoment,
  lasted,
  rangeLabel,
  sentence,
  tickLabel,
  whatInFull,
} from '../../../../src/pages/console/history/words.ts';
import { formatSpent } from '../../../../src/pages/console/parts/spent.ts';
import { MINUTE, NOW } from '../rows.ts';
import { DAY, HOUR, segment } from './made.ts';

const words = messages as Record<string, { message: string }>;

describe('every code has its words', () => {
  it.each(HISTORY_PROBLEMS.flatMap((code) => [`history_problem_${code}`, `history_problem_${code}_text`]))('%s', (key) => {
    expect(words[key]?.message).toMatch(/\S/);
  });
  it('says nothing of nobody being logged in', () => {
    for (const [key, { message }] of Object.entries(words))
      if (key.startsWith('history_')) expect(message, key).not.toMatch(/(nobody|no one|no agents?) (is|are) (logged|signed) in/i);
  });
  it.each(RANGES)('range %s', (range) => {
    expect(rangeLabel(range)).toMatch(/\S/);
  });
  it.each(DIFFERENCES)('difference %s says how long', (kind) => {
    const state = { category: 'available' as const, stateName: 'READY', reason: '', skill: '' };
    expect(differenceText({ kind, fromMs: NOW, toMs: NOW + 14_000, tenant: state, seen: state })).toContain('14 s');
  });
});

describe('times', () => {
  it('say the day where it is another, and seconds where one looks closely', () => {
    expect(formatMoment(NOW, NOW + HOUR)).toBe('10:00');
    expect(formatMoment(NOW - DAY, NOW)).toBe('Sun 1 Mar 10:00');
    expect(formatExact(NOW + 7000, NOW)).toBe('10:00:07');
    expect(formatDay(NOW)).toBe('Mon 2 Mar');
  });
  it('on the axis are as exact as the ticks are close', () => {
    expect(tickLabel({ atMs: NOW, startsDay: false })).toBe('10:00');
    expect(tickLabel({ atMs: NOW + 30_000, startsDay: false })).toBe('10:00:30');
    expect(tickLabel({ atMs: NOW, startsDay: true })).toBe('Mon 2 Mar');
  });
  it('spent are hours of work, never days', () => {
    expect(formatSpent(49_000)).toBe('49 s');
    expect(formatSpent(53 * MINUTE)).toBe('53 min');
    expect(formatSpent(24 * HOUR)).toBe('24 h 00 min');
    expect(formatSpent(1000 * HOUR + 9 * MINUTE)).toBe('1,000 h 09 min');
  });
});

describe('a stretch in words', () => {
  it('is at least as long where it goes on beyond what is known', () => {
    expect(lasted(segment('working', NOW, NOW + 65_000))).toBe('1 min 05 s');
    expect(lasted(segment('working', NOW, NOW + MINUTE, { cut: true }))).toBe('at least 1 min 00 s');
    expect(lasted(segment('working', NOW, NOW + MINUTE, { running: true, cut: true }))).toBe('1 min 00 s so far');
  });
  it('names the state for who cannot see its colour', () => {
    expect(whatInFull(segment('unavailable', NOW, NOW, { stateName: 'Pause', reason: 'Lunch' }))).toBe(
      'Unavailable: Pause · Lunch',
    );
    expect(whatInFull(segment('available', NOW, NOW, { stateName: '' }))).toBe('Available');
    expect(whatInFull(segment('unknown', NOW, NOW, { source: 'unknown', stateName: '' }))).toBe('Not known');
  });
  it('is read out whole, with where it is known from', () => {
    expect(sentence(segment('available', NOW, NOW + HOUR, { stateName: 'READY', source: 'seen' }), NOW)).toBe(
      'Available: READY, 10:00:00 to 11:00:00, 1 h 00 min, seen by Agent Watch',
    );
  });
});
