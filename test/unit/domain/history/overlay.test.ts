import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StateKind } from '../../../../src/domain/agent-state.ts';
import type { Segment } from '../../../../src/domain/history/history.ts';
import { type Difference, filledWithOurs, overlay } from '../../../../src/domain/history/overlay.ts';
import { segmentsSeen } from '../../../../src/domain/history/seen.ts';
import { segmentsOf } from '../../../../src/domain/history/segments.ts';
import { runs } from '../../support/runs.ts';
import { anyRange, anyRecords, H, holes, kind, record, S, shown, T } from './made.ts';

const hour = { fromMs: T, toMs: T + H, nowMs: T + H };
type Step = readonly [name: string, seconds: number];

/** States and when they began, as the tenant tells them. */
const tenantOf = (...steps: Step[]) =>
  segmentsOf(
    steps.map(([name, at]) => record(name, T + at * S)),
    hour,
  ).segments;
/** The same as we saw them; `?` is a gap. */
function seenOf(...steps: Step[]): Segment[] {
  let last: StateKind | null = null;
  const seen = steps.map(([name, at]) => {
    const to = kind(name);
    const each = { atMs: T + at * S, from: last, to, gap: last === null };
    last = to;
    return each;
  });
  return segmentsSeen(seen, { ...hour, lastOkMs: T + H });
}
const told = (differences: Difference[]) =>
  differences.map(
    ({ kind: which, fromMs, toMs, tenant, seen }) =>
      `${which} ${(fromMs - T) / S}-${(toMs - T) / S} ${tenant.stateName} ${seen.stateName}`,
  );

describe('the tenant laid over our record', () => {
  it('agrees where it does', () => {
    expect(overlay(tenantOf(['READY', 0], ['ON_CONTACT', 600]), seenOf(['READY', 0], ['ON_CONTACT', 604]))).toEqual([]);
  });

  it('shows how late a state reached us, and how early', () => {
    const tenant = tenantOf(['READY', 0], ['ON_CONTACT', 600], ['WRAP_UP', 900]);
    expect(told(overlay(tenant, seenOf(['READY', 0], ['ON_CONTACT', 625], ['WRAP_UP', 905])))).toEqual([
      'late 600-625 ON_CONTACT READY',
    ]);
    expect(told(overlay(tenant, seenOf(['READY', 0], ['ON_CONTACT', 580], ['WRAP_UP', 900])))).toEqual([
      'early 580-600 READY ON_CONTACT',
    ]);
  });

  it('shows what lay between two polls', () => {
    const tenant = tenantOf(['READY', 0], ['NOT_READY', 600], ['READY', 620]);
    expect(told(overlay(tenant, seenOf(['READY', 0])))).toEqual(['missed 600-620 NOT_READY READY']);
  });

  it('shows what differs otherwise', () => {
    const tenant = tenantOf(['READY', 0], ['WRAP_UP', 600], ['LOGOUT', 1200]);
    expect(told(overlay(tenant, seenOf(['READY', 0], ['NOT_READY', 600], ['LOGOUT', 1200])))).toEqual([
      'differs 600-1200 WRAP_UP NOT_READY',
    ]);
  });

  it('says nothing where one of the two does not know', () => {
    expect(overlay(tenantOf(['READY', 1800]), seenOf(['ON_CONTACT', 0], ['READY', 1800]))).toEqual([]);
    expect(overlay(tenantOf(['READY', 0]), seenOf())).toEqual([]);
  });

  it('compares states we have no category for by their names, and no reasons', () => {
    expect(overlay(tenantOf(['Odd', 0]), seenOf(['ODD', 0]))).toEqual([]);
    expect(told(overlay(tenantOf(['Odd', 0]), seenOf(['Even', 0])))).toEqual(['differs 0-3600 Odd Even']);
    const lunch = segmentsOf([{ ...record('NOT_READY', T), reason: 'Lunch' }], hour).segments;
    expect(overlay(lunch, seenOf(['NOT_READY', 0]))).toEqual([]);
  });
});

describe('a history with ours in its holes', () => {
  it('takes ours where the tenant knows nothing, and only there', () => {
    const tenant = tenantOf(['READY', 1200], ['LOGOUT', 1800]);
    const seen = seenOf(['LOGOUT', 600], ['NOT_READY', 1100], ['ON_CONTACT', 1300]);
    expect(shown(filledWithOurs(tenant, seen))).toEqual([
      '? 0-600',
      'LOGOUT 600-1100*',
      'NOT_READY 1100-1200*~',
      'READY 1200-1800',
      'LOGOUT 1800-3600>',
    ]);
  });

  it('keeps a moment we saw, and the hole after it', () => {
    const seen = segmentsSeen(
      [
        { atMs: T + 60 * S, from: kind('READY'), to: kind('LOGOUT'), gap: false },
        { atMs: T + 600 * S, from: kind('LOGOUT'), to: kind('READY'), gap: true },
      ],
      { ...hour, lastOkMs: T + H },
    );
    expect(shown(filledWithOurs(tenantOf(['ON_CONTACT', 1200]), seen))).toEqual([
      '? 0-60',
      'LOGOUT 60-60*~',
      '? 60-600',
      'READY 600-1200*~',
      'ON_CONTACT 1200-3600>',
    ]);
  });

  it('keeps a moment we saw just where the hole begins', () => {
    const tenant = segmentsOf([record('READY', T, { lastsMs: 600 * S }), record('READY', T + 1200 * S)], hour).segments;
    const seen = segmentsSeen(
      [
        { atMs: T + 600 * S, from: kind('READY'), to: kind('LOGOUT'), gap: false },
        { atMs: T + 1200 * S, from: kind('LOGOUT'), to: kind('READY'), gap: true },
      ],
      { ...hour, lastOkMs: T + H },
    );
    expect(shown(filledWithOurs(tenant, seen))).toEqual(['READY 0-600', 'LOGOUT 600-600*~', '? 600-1200', 'READY 1200-3600>']);
  });

  it('runs on with ours where the tenant was asked long ago', () => {
    const old = segmentsOf([record('READY', T)], { ...hour, loadedMs: { fromMs: T, toMs: T + 600 * S } }).segments;
    expect(shown(filledWithOurs(old, seenOf(['READY', 0])))).toEqual(['READY 0-600~', 'READY 600-3600*~>']);
  });

  it('covers the range exactly', () => {
    fc.assert(
      fc.property(anyRecords, anyRecords, anyRange, fc.boolean(), (theirs, ours, range, gap) => {
        const seen = ours.map(({ atMs, ...to }) => ({ atMs, from: to, to, gap }));
        const tenant = segmentsOf(theirs, range).segments;
        const filled = filledWithOurs(tenant, segmentsSeen(seen, { ...range, lastOkMs: range.nowMs }));
        expect(holes(filled, range)).toEqual([]);
        expect(filled.filter(({ source }) => source === 'tenant')).toEqual(tenant.filter(({ source }) => source === 'tenant'));
      }),
      runs(300),
    );
  });
});
