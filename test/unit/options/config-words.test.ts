import { describe, expect, it } from 'vitest';
import { type ConfigVocabulary, unknownKeys, valueText } from '../../../src/pages/options/logic/config-words.ts';

const WORDS: ConfigVocabulary = { yes: 'yes', no: 'no', nothing: 'not set', agents: (count) => `agents: ${count}` };

describe('a value in the preview', () => {
  it.each([
    ['issuer', 'https://a.example', 'https://a.example'],
    ['issuer', undefined, 'not set'],
    ['persistSession', false, 'no'],
    ['persistSession', true, 'yes'],
    ['pollSeconds', 60, '60'],
    ['scopes', ['a', 'b'], 'a, b'],
    ['capabilities', [], 'not set'],
    ['watchedAgentIds', ['a', 'b', 'c'], 'agents: 3'],
    ['watchedAgentIds', undefined, 'not set'],
  ] as const)('%s %j', (key, value, words) => {
    expect(valueText(key, value === undefined || typeof value !== 'object' ? value : ([...value] as string[]), WORDS)).toBe(
      words,
    );
  });
});

it('keys nobody knows are cut short: a token may stand there', () => {
  expect(unknownKeys(['a', 'b'])).toBe('a, b');
  expect(unknownKeys(['x'.repeat(60)])).toBe(`${'x'.repeat(40)}…`);
  expect(unknownKeys(Array.from({ length: 9 }, (_, index) => `k${index}`))).toBe('k0, k1, k2, k3, k4, k5, k6, k7, …');
});
