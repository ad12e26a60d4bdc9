import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortIds } from '../../../src/pages/options/logic/agent-ids.ts';

const A = '7e1c0f0a-58a5-4d53-9c0e-2f2a7f2f8d11';
const B = '0b6f8f5e-3c0b-4b9e-8d57-6a1f6f0f9a22';
const none = new Set<string>();

describe('sortIds', () => {
  it.each([
    ['lines', `${A}\r\n${B}\n`],
    ['commas', `${A}, ${B},`],
    ['semicolons and tabs', `${A};\t${B}`],
    ['spaces', `${A} ${B}`],
    ['quotes of a spreadsheet', `"${A}"\n'${B}'`],
  ])('takes %s', (_, text) => {
    expect(sortIds(text, none)).toEqual({ fresh: [A, B], duplicates: [], mistakes: [] });
  });

  it('tells duplicates, both of the list and within the text', () => {
    expect(sortIds(`${A}\n${B}\n${B}\n${A}`, new Set([A]))).toEqual({ fresh: [B], duplicates: [A, B], mistakes: [] });
  });

  it.each([
    ['dana@acme.example', 'email'],
    ['4821', 'extension'],
    ['x4821', 'extension'],
    ['ext. 4821', 'extension'],
    ['+1 (801) 555-0100', 'extension'],
    ['Dana Ortiz', 'name'],
    [`Bearer ${A}`, 'secret'],
    ['eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2ln', 'secret'],
    ['a'.repeat(201), 'tooLong'],
  ])('%s is no agent id: %s', (text, kind) => {
    expect(sortIds(`${A}\n${text}`, none)).toEqual({ fresh: [A], duplicates: [], mistakes: [{ text, kind }] });
  });

  it.each(['12345678', 'agent-17', 'DOrtiz'])('%s may be one', (id) => {
    expect(sortIds(id, none).fresh).toEqual([id]);
  });

  it('loses nothing: every piece is new, a duplicate or a mistake', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(A, B, '4821', 'dana@acme.example', 'Dana Ortiz', '12345678')), (pieces) => {
        const { fresh, duplicates, mistakes } = sortIds(pieces.join('\n'), new Set([B]));
        expect(new Set([...fresh, ...duplicates, ...mistakes.map(({ text }) => text)])).toEqual(new Set(pieces));
        expect(fresh).not.toContain(B);
      }),
    );
  });
});
