import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SKILL_TRAITS, type Skill, type Wish } from '../../../../src/domain/skills/assignment.ts';
import { decide, type RowEvidence } from '../../../../src/domain/skills/dry-run.ts';
import { runs } from '../../support/runs.ts';
import { held, wish } from './made.ts';

const { v2 } = SKILL_TRAITS;
const open = SKILL_TRAITS.public;
const skill = (over: Partial<Skill> = {}): Skill => ({ skillId: 'skill-1', name: 'Billing', active: true, ...over });
const skills = (...list: Skill[]) => new Map(list.map((each) => [each.skillId, each]));
const evidence = (over: Partial<RowEvidence> = {}): RowEvidence => ({
  skills: skills(skill()),
  user: { known: true, organisationId: 'organisation-1' },
  organisationId: 'organisation-1',
  entitled: true,
  assignments: [],
  unreadable: '',
  ...over,
});
const holds = (...levels: number[]) => levels.map((level) => ({ userId: 'user-1', skillId: 'skill-1', held: held(level) }));
const codes = (of: Parameters<typeof decide>[0], over: Partial<RowEvidence> = {}, traits = v2) =>
  decide(of, evidence(over), traits).refusals.map(({ code }) => code);
const openHeld = (over = {}) => held(3, { availableFromAt: '', availableToAt: '', ...over });
const away = wish({ held: null });

describe('what a row would change', () => {
  it('is new, changed or nothing', () => {
    expect(decide(wish(), evidence(), v2)).toEqual({ diff: 'new', refusals: [], before: null });
    expect(decide(wish(), evidence({ assignments: holds(2) }), v2)).toEqual({ diff: 'changed', refusals: [], before: held(2) });
    expect(decide(wish(), evidence({ assignments: holds(3) }), v2)).toEqual({ diff: 'same', refusals: [], before: held(3) });
  });

  it('a window or being switched off is a change too', () => {
    expect(
      decide(wish({ held: held(3, { availableToAt: '2026-01-15T18:00:00Z' }) }), evidence({ assignments: holds(3) }), v2).diff,
    ).toBe('changed');
    const assignments = [{ userId: 'user-1', skillId: 'skill-1', held: openHeld() }];
    expect(decide(wish({ held: openHeld({ active: false }) }), evidence({ assignments }), open).diff).toBe('changed');
  });

  it("looks at this user's and this skill's alone", () => {
    const [own] = holds(2);
    if (!own) throw new Error();
    const others = [
      { ...own, userId: 'user-2' },
      { ...own, skillId: 'skill-2' },
    ];
    expect(decide(wish(), evidence({ assignments: others }), v2)).toMatchObject({ diff: 'new', before: null });
  });

  it('takes back what was written, and never a third value', () => {
    const undo = (back: Wish['held'], expected: Wish['held']) => ({ ...wish({ held: back }), expected });
    expect(decide(undo(held(1), held(3)), evidence({ assignments: holds(3) }), v2)).toMatchObject({ diff: 'changed' });
    expect(codes(undo(held(1), held(3)), { assignments: holds(5) })).toEqual(['changedSince']);
    expect(codes(undo(held(1), held(3)), { assignments: [] })).toEqual(['changedSince']);
    // Somebody has taken it back already.
    expect(decide(undo(held(1), held(3)), evidence({ assignments: holds(1) }), v2)).toMatchObject({ diff: 'same', refusals: [] });
    expect(codes(undo(held(1), null), { assignments: holds(2) })).toEqual(['changedSince']);
    expect(codes(undo(null, held(3)), { assignments: holds(4) }, open)).toEqual(['changedSince']);
    expect(codes(undo(held(1), held(3)), { assignments: null })).toEqual(['notReadable']);
  });

  it('brings back what had no window, where a window is needed of others', () => {
    const without = openHeld({ level: 1 });
    expect(codes({ ...wish({ held: without }), expected: held(3) }, { assignments: holds(3) })).toEqual([]);
    expect(codes(wish({ held: without }), { assignments: holds(3) })).toEqual(['window']);
  });

  it('names the id the tenant keeps somebody under', () => {
    const user = { known: true, organisationId: '', goesBy: '77' };
    expect(decide(wish(), evidence({ user }), v2).refusals).toEqual([{ code: 'otherId', params: ['77'] }]);
  });

  it('is removed where that can be done', () => {
    expect(decide(away, evidence({ assignments: holds(3) }), open)).toEqual({ diff: 'removed', refusals: [], before: held(3) });
    expect(codes(away, { assignments: holds(3) })).toEqual(['cannotRemove']);
    expect(codes(away, {}, open)).toEqual(['notAssigned']);
  });

  it('a skill nobody lists any more can still be taken away, or switched off if it is listed', () => {
    const gone = { skills: skills(), assignments: holds(3) };
    expect(codes(away, gone, open)).toEqual([]);
    expect(codes(away, { ...gone, skills: null }, open)).toEqual([]);
    expect(codes(wish({ held: openHeld({ active: false }) }), { skills: skills(skill({ active: false })) }, open)).toEqual([]);
  });
});

describe('a row is refused', () => {
  it('for each reason there is', () => {
    expect(codes(wish(), { user: { known: false, organisationId: '' } })).toEqual(['userUnknown']);
    expect(codes(wish(), { skills: skills() })).toEqual(['skillUnknown']);
    expect(codes(wish(), { skills: skills(skill({ active: false })) })).toEqual(['skillNotRouted']);
    expect(codes(wish(), { entitled: false })).toEqual(['noLicence']);
    expect(codes(wish({ held: held(3, { active: false }) }))).toEqual(['cannotRemove']);
    expect(decide(wish({ held: held(6) }), evidence(), v2).refusals).toEqual([{ code: 'level', params: ['1', '5'] }]);
    expect(codes(wish({ held: held(1.5) }))).toEqual(['level']);
    expect(codes(wish({ held: held(3, { availableToAt: held().availableFromAt }) }))).toEqual(['window']);
    expect(codes(wish({ held: held(3, { availableFromAt: '' }) }))).toEqual(['window']);
    expect(codes(wish({ held: held(3, { availableToAt: '' }) }))).toEqual(['window']);
    expect(codes(wish(), {}, open)).toEqual(['window']);
  });

  it('for all of them at once', () => {
    const { diff, refusals } = decide(
      wish({ held: held(0, { availableToAt: '' }) }),
      evidence({ user: { known: true, organisationId: 'other' }, skills: skills(), entitled: false }),
      v2,
    );
    expect(diff).toBe('refused');
    expect(refusals).toEqual([
      { code: 'otherOrganisation', params: ['other'] },
      { code: 'skillUnknown', params: [] },
      { code: 'noLicence', params: [] },
      { code: 'level', params: ['1', '5'] },
      { code: 'window', params: [] },
    ]);
  });

  it('for another organisation only where both are known', () => {
    for (const [users, ours] of [
      ['', 'organisation-1'],
      ['other', ''],
      ['', ''],
      ['organisation-1', 'organisation-1'],
    ] as const)
      expect(codes(wish(), { user: { known: true, organisationId: users }, organisationId: ours })).toEqual([]);
  });

  it("because something could not be read, in the server's words; never guessed", () => {
    const unreadable = 'Service unavailable';
    for (const over of [
      { user: null },
      { skills: null },
      { assignments: null },
      { entitled: null },
      { user: null, skills: null },
    ])
      expect(decide(wish(), evidence({ ...over, unreadable }), v2)).toMatchObject({
        diff: 'refused',
        refusals: [{ code: 'notReadable', params: [unreadable] }],
      });
    // What can be said is said all the same.
    expect(codes(wish(), { assignments: null, entitled: false })).toEqual(['noLicence', 'notReadable']);
  });

  it('not for what a profile does not have, nor for what nobody asks about somebody unknown', () => {
    expect(codes(wish({ held: openHeld() }), { entitled: null }, open)).toEqual([]);
    expect(codes(wish({ held: openHeld() }), { entitled: false }, open)).toEqual([]);
    expect(codes(wish(), { user: { known: false, organisationId: '' }, assignments: null, entitled: null })).toEqual([
      'userUnknown',
    ]);
    expect(codes(away, { user: { known: false, organisationId: '' } }, open)).toEqual(['userUnknown']);
  });

  it('whenever anything it rests on is missing or against it', () => {
    const maybe = <T>(value: T) => fc.option(fc.constant(value), { nil: null, freq: 3 });
    fc.assert(
      fc.property(
        fc.record({
          skills: maybe(skills(skill())),
          user: maybe({ known: true, organisationId: 'organisation-1' }),
          organisationId: fc.constantFrom('organisation-1', ''),
          entitled: fc.constantFrom(true, false, null),
          assignments: maybe(holds(2)),
          unreadable: fc.constant(''),
        }),
        (seen: RowEvidence) => {
          const { diff, refusals } = decide(wish(), seen, v2);
          const all = seen.skills && seen.user && seen.assignments && seen.entitled;
          expect(diff).toBe(all ? 'changed' : 'refused');
          expect(refusals.length > 0).toBe(!all);
          expect(new Set(refusals.map(({ code }) => code)).size).toBe(refusals.length);
        },
      ),
      runs(300),
    );
  });
});
