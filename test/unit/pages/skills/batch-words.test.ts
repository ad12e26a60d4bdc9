import { describe, expect, it } from 'vitest';
import messages from '../../../../public/_locales/en/messages.json' with { type: 'json' };
import { SKILL_TRAITS } from '../../../../src/domain/skills/assignment.ts';
import { AUDIT_ACTIONS } from '../../../../src/domain/skills/audit.ts';
import { BATCH_STATUSES, DIFFS, PAUSES, REFUSALS, ROW_PROBLEMS, ROW_STATES } from '../../../../src/domain/skills/batch.ts';
import { countRows } from '../../../../src/domain/skills/counts.ts';
import {
  basisText,
  cannotTexts,
  diffSentence,
  formatAt,
  heldText,
  refusalText,
  stateSentence,
  statusLabel,
  whyText,
  windowText,
} from '../../../../src/pages/console/skills/batch/words.ts';
import { zone } from '../../../../src/pages/console/skills/input/zones.ts';
import { held, row } from '../../domain/skills/made.ts';

const words = messages as Record<string, { message: string; description?: string }>;

describe('every code has its words', () => {
  const keys = [
    ...ROW_PROBLEMS.map((code) => `skills_row_${code}`),
    ...REFUSALS.map((code) => `skills_refused_${code}`),
    ...PAUSES.flatMap((code) => [`skills_paused_${code}`, `skills_paused_${code}_text`]),
    ...ROW_STATES.flatMap((state) => [`skills_state_${state}`, `skills_batch_ended_${state}`]),
    ...DIFFS.flatMap((diff) => [`skills_diff_${diff}`, `skills_batch_count_${diff}`]),
    ...AUDIT_ACTIONS.map((action) => `skills_audit_action_${action}`),
  ];
  it.each(keys)('%s', (key) => {
    expect(words[key]?.message).toMatch(/\S/);
  });
  it.each(BATCH_STATUSES)('status %s', (status) => {
    expect(statusLabel(status)).toMatch(/\S/);
  });
});

describe('counts as a sentence', () => {
  it('names what there is, and nothing else', () => {
    const rows = [row(0), row(1), row(2, { diff: 'changed' }), row(3, { diff: 'refused', state: 'skipped' })];
    expect(diffSentence(countRows(rows))).toBe('2 new, 1 changed, 1 refused');
    expect(diffSentence(countRows([]))).toBe('');
  });
  it('writes large numbers as people do', () => {
    const counts = { states: { ...countRows([]).states, verified: 1900, failed: 14 } };
    expect(stateSentence(counts)).toBe('1,900 written, 14 failed');
  });
});

describe('what somebody holds', () => {
  it('is a level with its window, in the zone of the room', () => {
    zone.value = 'Europe/Berlin';
    expect(formatAt('2026-01-15T08:00:00Z')).toBe('2026-01-15 09:00');
    expect(windowText(held())).toBe('2026-01-15 09:00 to 2026-01-15 18:00');
    expect(heldText(held(4))).toBe('level 4, 2026-01-15 09:00 to 2026-01-15 18:00');
    expect(windowText(held(1, { availableToAt: '' }))).toBe('2026-01-15 09:00 to …');
    expect(windowText(held(1, { availableFromAt: '', availableToAt: '' }))).toBe('');
    zone.value = 'America/Denver';
    expect(formatAt(Date.UTC(2026, 0, 15, 8))).toBe('2026-01-15 01:00');
  });
  it('is nothing, or switched off, in so many words', () => {
    expect(heldText(null)).toBe('not assigned');
    expect(heldText(held(4, { availableFromAt: '', availableToAt: '', active: false }))).toBe('level 4, not active');
  });
  it('leaves what is no time as it is', () => {
    expect(formatAt('soon')).toBe('soon');
  });
});

describe('why', () => {
  it('a row is refused: every reason, with what the tenant says', () => {
    expect(refusalText({ code: 'otherOrganisation', params: ['org-7'] })).toContain('(org-7)');
    expect(refusalText({ code: 'level', params: ['1', '5'] })).toContain('from 1 to 5');
    expect(refusalText({ code: 'notReadable', params: ['Out to lunch'] })).toMatch(/CXone says: Out to lunch$/);
    expect(refusalText({ code: 'notReadable', params: [''] })).not.toContain('CXone says');
    const both = row(0, {
      refusals: [
        { code: 'skillUnknown', params: [] },
        { code: 'noLicence', params: [] },
      ],
    });
    expect(whyText(both)).toBe('CXone does not know this skill. The user holds no routing or agent licence.');
  });
  it('a row failed; nothing where its state says it all', () => {
    expect(whyText(row(0, { state: 'failed', problem: 'forbidden', detail: 'No right' }))).toBe(
      'Your role does not allow this write. CXone says: No right',
    );
    expect(whyText(row(0, { state: 'verified', problem: 'noAnswer' }))).toBe('');
    expect(whyText(row(0, { diff: 'same', state: 'skipped' }))).toMatch(/already/);
    expect(whyText(row(0, { state: 'skipped' }))).toMatch(/by your word/);
    expect(whyText(row(0))).toBe('');
  });
  it.each(REFUSALS)('%s reads well with nothing to fill it with', (code) => {
    const text = refusalText({ code, params: code === 'level' ? ['1', '5'] : code.startsWith('other') ? ['o'] : [] });
    expect(text).toMatch(/\.$/);
    expect(text).not.toMatch(/\$\d|\s[.,;:]|\s{2}|\( *\)/);
  });
});

describe('what a suggestion rests on', () => {
  const basis = { talkTime: 87, handleTime: 100, resolutionRate: 0.78 };
  it('is said in figures', () => {
    expect(basisText({ level: 5, basis, efficiency: 0.87 })).toBe('efficiency 87 %, resolved 78 %');
    expect(basisText({ level: 3, basis: { ...basis, resolutionRate: null }, efficiency: 0.87 })).toMatch(/no resolution rate/);
    expect(basisText({ level: 3, basis: null, efficiency: 0 })).toMatch(/no figures/);
  });
});

describe('what an API cannot do', () => {
  it('is said for each', () => {
    expect(cannotTexts(SKILL_TRAITS.v2)).toHaveLength(1);
    expect(cannotTexts(SKILL_TRAITS.v2)[0]).toMatch(/cannot be taken away/);
    expect(cannotTexts(SKILL_TRAITS.public)).toHaveLength(3);
  });
});
