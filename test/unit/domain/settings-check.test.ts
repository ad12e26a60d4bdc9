import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATEGORIES } from '../../../src/domain/agent-state.ts';
import { DEFAULT_SETTINGS, LIMITS, type QuietHours, RULE_KINDS, type Rule } from '../../../src/domain/settings.ts';
import { checkEndpoint, checkQuietHours, checkRule, checkSettings, checkWhole } from '../../../src/domain/settings-check.ts';

const RULE: Rule = { id: 'r', kind: 'longerThan', enabled: true, categories: ['unavailable'], reasons: ['Lunch'], minutes: 60 };
const QUIET: QuietHours = { enabled: true, from: '22:00', to: '06:00', days: [5] };

describe('checkSettings', () => {
  it('what a newcomer starts with is right', () => {
    expect(checkSettings(DEFAULT_SETTINGS)).toEqual({});
  });

  it('names each wrong field, and the rule by its id', () => {
    const errors = checkSettings({
      ...DEFAULT_SETTINGS,
      watchedAgentIds: Array.from({ length: 2001 }, (_, i) => `${i}`),
      rules: [RULE, { ...RULE, id: 'bad', minutes: 0 }],
      quietHours: { ...QUIET, days: [] },
      pollSeconds: 5,
      retentionDays: 1.5,
    });
    expect(errors).toEqual({
      watchedAgentIds: { key: 'field_tooMany', params: ['2000'] },
      rules: { bad: { minutes: { key: 'field_range', params: ['1', '720'], suggestion: '1' } } },
      quietHours: { days: { key: 'field_quietDays', params: [] } },
      pollSeconds: { key: 'field_range', params: ['30', '900'], suggestion: '30' },
      retentionDays: { key: 'field_range', params: ['1', '365'], suggestion: '2' },
    });
  });

  it('counts rules', () => {
    const rules = Array.from({ length: LIMITS.rules + 1 }, (_, i) => ({ ...RULE, id: `${i}` }));
    expect(checkSettings({ ...DEFAULT_SETTINGS, rules })).toEqual({ ruleCount: { key: 'field_tooMany', params: ['50'] } });
  });
});

describe('checkRule', () => {
  it.each(RULE_KINDS)('%s looks at its own fields alone', (kind) => {
    const notes = checkRule({ ...RULE, kind, categories: [], reasons: [''], minutes: -1 });
    const expected = { enters: ['reasons'], leaves: ['reasons'], longerThan: ['reasons', 'minutes'] }[kind as string] ?? [];
    expect(Object.keys(notes)).toEqual(expected);
  });

  it('"longer than" needs a state or a reason', () => {
    expect(checkRule({ ...RULE, categories: [], reasons: [] }).categories?.key).toBe('field_ruleNoState');
    expect(checkRule({ ...RULE, categories: [] })).toEqual({});
    expect(checkRule({ ...RULE, reasons: [] })).toEqual({});
    expect(checkRule({ ...RULE, kind: 'enters', categories: [], reasons: [] })).toEqual({});
  });

  it.each(CATEGORIES)('%s is a state one can be told about', (category) => {
    expect(checkRule({ ...RULE, categories: [category] })).toEqual({});
  });
});

describe('checkQuietHours', () => {
  it.each([
    [{}, {}],
    [{ from: '12:00', to: '13:00' }, {}],
    [{ to: '22:00' }, {}],
    [{ from: '24:00' }, { from: { key: 'field_clock', params: [] } }],
    [
      { from: '', to: '' },
      { from: { key: 'field_clock', params: [] }, to: { key: 'field_clock', params: [] } },
    ],
    [{ enabled: false, days: [], to: '22:00' }, {}],
  ])('%j', (change, notes) => {
    expect(checkQuietHours({ ...QUIET, ...change })).toEqual(notes);
  });
});

describe('checkWhole', () => {
  it('suggests only what passes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.integer()), (value) => {
        const note = checkWhole(value, LIMITS.pollSeconds);
        if (note === null) expect(value >= 30 && value <= 900 && Number.isInteger(value)).toBe(true);
        else if (note.suggestion !== undefined) expect(checkWhole(Number(note.suggestion), LIMITS.pollSeconds)).toBeNull();
        else expect(Number.isFinite(value)).toBe(false);
      }),
    );
  });
});

describe('an address to send records on to', () => {
  it.each([
    ['', null],
    ['https://siem.example.com/in?source=cxone', null],
    ['https://siem.example.com:8443', null],
    ['http://siem.example.com/in', 'field_httpsOnly'],
    ['http://127.0.0.1:8080/in', 'field_httpsOnly'],
    ['ftp://siem.example.com', 'field_httpsOnly'],
    ['https://user:word@siem.example.com', 'field_urlCredentials'],
    ['siem', 'field_urlUnreadable'],
    [`https://siem.example.com/${'x'.repeat(500)}`, 'field_tooLong'],
    ['https://siem.example.com/?access_token=abc', 'field_secret'],
  ])('%s', (text, key) => {
    expect(checkEndpoint(text, false)?.key ?? null).toBe(key);
    if (key === 'field_httpsOnly' || key === 'field_secret')
      expect(checkSettings({ ...DEFAULT_SETTINGS, auditUrl: text, wfmUrl: text })).toMatchObject({
        auditUrl: { key },
        wfmUrl: { key },
      });
  });

  it('may be on this computer in the demo build', () => {
    expect(checkEndpoint('http://127.0.0.1:8080/in', true)).toBeNull();
    expect(checkSettings({ ...DEFAULT_SETTINGS, auditUrl: 'http://localhost:1/in' }, true)).toEqual({});
  });

  it('without its scheme is put right with one click', () => {
    expect(checkEndpoint('siem.example.com/in', false)).toMatchObject({ suggestion: 'https://siem.example.com/in' });
  });
});
