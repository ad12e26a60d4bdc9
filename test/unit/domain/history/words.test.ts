import { describe, expect, it } from 'vitest';
import { HISTORY_NOTES, notePhrase } from '../../../../src/domain/history/notes.ts';
import { DIFFERENCES } from '../../../../src/domain/history/overlay.ts';
import { textOf } from '../../support/files.ts';

const HOLE = /\$|undefined|null|NaN| [,.;:!?]| {2}|^ | $/;

describe('what is said of a history', () => {
  it.each(HISTORY_NOTES)('%s, of one and of many', (code) => {
    for (const count of [1, 2, 12_345]) {
      const { key, params } = notePhrase({ code, count, mostMs: 20_000 }, 'en');
      const said = textOf('en', key, params);
      expect(said, key).toMatch(/\S\.$/);
      expect(said, key).not.toMatch(HOLE);
      if (code !== 'toTheMinute') expect(said).toMatch(count === 1 ? /\b1 / : count === 2 ? /\b2 / : /12,345 /);
    }
  });

  it.each(DIFFERENCES)('%s', (kind) => {
    const said = textOf('en', `history_difference_${kind}`, ['14 s']);
    expect(said).toContain('14 s');
    expect(said).not.toMatch(HOLE);
  });
});
