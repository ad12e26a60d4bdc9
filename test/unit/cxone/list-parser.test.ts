import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createListParser } from '../../../src/cxone/list-parser.ts';
import { runs } from '../support/runs.ts';

const outcomeOf = (parse: (text: string) => unknown, text: string) => {
  try {
    return { json: parse(text) };
  } catch (error) {
    return { threw: (error as Error).name };
  }
};

/** Everything that could be taken for the end of a row. */
const nasty = fc.array(fc.constantFrom('"', '\\', ',', '[', ']', '{', '}', ':', 'a', '\u2028', '😀'), { maxLength: 6 });
const text = nasty.map((parts) => parts.join(''));
const leaf = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
const row = fc.oneof(
  { weight: 4, arbitrary: fc.dictionary(text, fc.oneof(leaf, fc.array(leaf, { maxLength: 3 })), { maxKeys: 4 }) },
  { weight: 1, arbitrary: leaf },
  { weight: 1, arbitrary: fc.array(fc.dictionary(text, leaf, { maxKeys: 2 }), { maxLength: 3 }) },
);
const edit = fc.record({
  at: fc.nat(40),
  how: fc.constantFrom('replace', 'insert', 'remove', 'swap', 'spoil'),
  row,
  spoil: fc.constantFrom('', ',', ']', '}', '[', '{', '"', '\\', ' ', '1'),
});
const separator = fc.constantFrom(',', ', ', ' ,\n');

const written = (rows: readonly unknown[], between: string, end = '') =>
  `[${rows.map((each) => JSON.stringify(each)).join(between)}]${end}`;

describe('a list that is read again', () => {
  it('is what JSON.parse makes of it, whatever has changed, and throws where that throws', () => {
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 40 }),
        fc.array(fc.array(edit, { maxLength: 6 }), { minLength: 1, maxLength: 4 }),
        separator,
        fc.constantFrom('', '\n'),
        (first, turns, between, end) => {
          const parse = createListParser(0);
          let rows: unknown[] = first;
          expect(outcomeOf(parse, written(rows, between, end))).toEqual(outcomeOf(JSON.parse, written(rows, between, end)));
          for (const edits of turns) {
            rows = [...rows];
            let next = '';
            for (const { at, how, row: other } of edits) {
              const place = rows.length === 0 ? 0 : at % rows.length;
              if (how === 'replace') rows.splice(place, 1, other);
              if (how === 'insert') rows.splice(place, 0, other);
              if (how === 'remove') rows.splice(place, 1);
              if (how === 'swap') rows.push(...rows.splice(place, 1));
            }
            next = written(rows, between, end);
            for (const { how, at, spoil } of edits)
              if (how === 'spoil')
                next = next.slice(0, (at * 7) % next.length) + spoil + next.slice(((at * 7) % next.length) + 1);
            expect(outcomeOf(parse, next)).toEqual(outcomeOf(JSON.parse, next));
          }
        },
      ),
      runs(2000),
    );
  });

  const agent = (index: number, state = 'READY') => ({ agentId: `a${index}`, state, skillStates: [{ skillName: 'a,b]}"\\' }] });
  const agents = (count: number) => Array.from({ length: count }, (_, index) => agent(index));
  const objectsKept = (before: unknown, after: unknown) =>
    (after as unknown[]).filter((each) => (before as unknown[]).includes(each)).length;

  it('gives the rows of before where they stand unchanged, wherever others came, went or changed', () => {
    const parse = createListParser(0);
    const rows = agents(100);
    const first = parse(JSON.stringify(rows));
    const changed = rows.map((each, index) => (index % 10 === 3 ? agent(index, 'ON_CONTACT') : each));
    const second = parse(JSON.stringify(changed));
    expect(objectsKept(first, second)).toBe(90);
    const shifted = [agent(500), ...changed.slice(0, 40), agent(501), ...changed.slice(43)];
    const third = parse(JSON.stringify(shifted));
    expect(third).toEqual(shifted);
    expect(objectsKept(second, third)).toBe(97);
  });

  it('keeps nothing of what is not a list, too short, or too different', () => {
    const parse = createListParser();
    const short = JSON.stringify(agents(3));
    expect(objectsKept(parse(short), parse(short))).toBe(0);
    const long = agents(2_000);
    const first = parse(JSON.stringify(long));
    expect(objectsKept(first, parse(JSON.stringify(long)))).toBe(2_000);
    expect(objectsKept(first, parse(JSON.stringify(long.map(({ agentId }, index) => agent(index, agentId)))))).toBe(0);
    expect(parse(JSON.stringify({ agentStates: long }))).toEqual({ agentStates: long });
  });
});
