import { describe, expect, it } from 'vitest';
import messages from '../../../../public/_locales/en/messages.json' with { type: 'json' };
import { CONFIDENCES } from '../../../../src/domain/diagnosis/causes.ts';
import { codeParts } from '../../../../src/pages/console/diagnosis/code-parts.ts';
import { fileName } from '../../../../src/pages/console/diagnosis/file-name.ts';
import { claim, headline, type Outcome, outcomeOf, toneOf } from '../../../../src/pages/console/diagnosis/finding.ts';
import { NOW } from '../rows.ts';
import { verdict } from './made.ts';

const words = messages as Record<string, { message: string }>;

describe('what a run came to', () => {
  const [sure, maybe] = [verdict(), verdict({ cause: 'loggedOut', confidence: 'possible' })];

  it('is its first verdict, with the others beside it', () => {
    expect(outcomeOf({ verdicts: [sure, maybe], answered: false }, 'done')).toEqual({
      kind: 'verdict',
      verdict: sure,
      others: [maybe],
    });
  });
  it('is nothing found, or nothing to find', () => {
    expect(outcomeOf({ verdicts: [], answered: false }, 'done').kind).toBe('unexplained');
    // What is not ruled out explains nothing: it is what it may be.
    expect(outcomeOf({ verdicts: [maybe], answered: false }, 'done')).toEqual({ kind: 'unexplained', others: [maybe] });
    const likely = verdict({ confidence: 'likely' });
    expect(outcomeOf({ verdicts: [likely, maybe], answered: false }, 'done').kind).toBe('verdict');
    expect(outcomeOf({ verdicts: [], answered: true }, 'done').kind).toBe('answered');
  });
  it.each(['cancelled', 'interrupted'] as const)('%s: only what is certain counts, the rest is what it may be', (status) => {
    expect(outcomeOf({ verdicts: [sure], answered: false }, status).kind).toBe('verdict');
    expect(outcomeOf({ verdicts: [maybe], answered: false }, status)).toEqual({ kind: status, others: [maybe] });
  });
  it('has its words whatever it is', () => {
    for (const kind of ['answered', 'unexplained', 'cancelled', 'interrupted'] as const) {
      expect(words[headline({ kind, others: [] }).key]?.message.length).toBeGreaterThan(5);
      expect(words[`diagnosis_${kind}_text`]?.message.length).toBeGreaterThan(5);
    }
    for (const confidence of CONFIDENCES.filter((each) => each !== 'certain'))
      expect(words[`diagnosis_${confidence}Title`]?.message).toContain('$1');
  });
  it('claims no more than is known, and keeps what is set as code', () => {
    const lost = { cause: 'scopeMissing', params: ['view:agent', ''] } as const;
    expect(claim({ ...lost, confidence: 'certain', params: [...lost.params] }).key).toBe('cause_scopeMissing_title');
    expect(claim({ ...lost, confidence: 'possible', params: [...lost.params] })).toMatchObject({
      key: 'diagnosis_possibleTitle',
      params: [expect.anything(), 'view:agent', ''],
    });
  });
  it('is said without alarm where nothing is broken', () => {
    const found = (over: object): Outcome => ({ kind: 'verdict', verdict: verdict(over), others: [] });
    expect(toneOf(found({ cause: 'loggedOut' }))).toBe('calm');
    expect(toneOf(found({ cause: 'scopeMissing' }))).toBe('bad');
    expect(toneOf(found({ cause: 'scopeMissing', confidence: 'possible' }))).toBe('open');
    expect(toneOf({ kind: 'unexplained', others: [] })).toBe('open');
  });
});

describe('names of machines in a sentence', () => {
  const codes = (text: string, params: string[]) =>
    codeParts(text, params)
      .filter(({ code }) => code)
      .map(({ text }) => text);

  it('sets scopes and ids apart, each of a list for itself', () => {
    const text = 'It lost view:agent, view:interaction for 4711.';
    expect(codes(text, ['view:agent, view:interaction', '4711'])).toEqual(['view:agent', 'view:interaction', '4711']);
    expect(
      codeParts(text, ['view:agent, view:interaction'])
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });
  it('prefers the longer of two names that begin alike', () => {
    expect(codes('agent:read is not agent:read:all', ['agent:read', 'agent:read:all'])).toEqual(['agent:read', 'agent:read:all']);
  });
  it('leaves words, numbers and times in the sentence', () => {
    expect(codes('Renewal 3 at 09:41 for Billing said “No right”.', ['3', '09:41', 'Billing', 'No right', ''])).toEqual([]);
  });
  it('takes no sign in a name for a pattern', () => {
    expect(codes('of (a.b+c)/*, a-b', ['(a.b+c)/*', 'a.b', 'a-b'])).toEqual(['a.b', 'a-b']);
  });
});

it('names a saved file by its time', () => {
  expect(fileName(NOW)).toBe('agent-watch-diagnosis-2026-03-02-1000.json');
});
