import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvText } from '../../../src/domain/csv.ts';
import { beginsFormula, readCsv, unguarded } from '../support/csv.ts';
import { runs } from '../support/runs.ts';

const file = (...cells: Parameters<typeof csvText>[1][number]) => csvText(['a'], [cells]).slice('\uFEFFa\r\n'.length);
const cell = (free: string) => readCsv(file(free))[0]?.[0];

/** OWASP's examples, and ways around a guard that looks at the first character only. */
const BLANKS = [
  '',
  ' ',
  '\t',
  '\r',
  '\n',
  '\r\n',
  '\u00a0',
  '\uFEFF',
  '\u200b',
  '\u2060',
  '\u00ad',
  '\u3000',
  '\u180e',
  '\u3164',
  '\0',
  '\v',
  "'",
];
const SIGNS = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫', '−'];
const evil = fc
  .tuple(
    fc.constantFrom('', 'Dana', 'a\n', 'a\r', '"', '",', ';', 'a\u2028'),
    fc.array(fc.constantFrom(...BLANKS), { maxLength: 4 }),
    fc.constantFrom(...SIGNS),
    fc.constantFrom('1+1', "cmd|' /C calc'!A0", 'HYPERLINK("https://x.example")', '\n=1', ''),
  )
  .map(([before, blanks, sign, after]) => before + blanks.join('') + sign + after);
const anyText = fc.oneof(evil, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());

describe('a table as a file', () => {
  it('has a byte order mark, its head, CRLF; texts quoted, ids and times and numbers not', () => {
    const plain = [
      '00000000-0000-4000-8000-000000000001',
      '-12345',
      '90.5',
      '2026-01-15T08:00:00.120+01:00',
      '2026-01-15T08:00:00Z',
      '',
    ];
    expect(csvText(['id', 'name'], [['Dana "D" Ortiz', '', ...plain.map((each) => ({ plain: each }))]])).toBe(
      `\uFEFFid,name\r\n"Dana ""D"" Ortiz",,${plain.join(',')}\r\n`,
    );
  });

  it('without lines is its head', () => {
    expect(csvText(['a', 'b'], [])).toBe('\uFEFFa,b\r\n');
  });

  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '  =HYPERLINK("x")',
    '\u00a0=1',
    '\uFEFF=1',
    '\u200b=1',
    '＝1',
    '−1',
    '\tx',
    '\rx',
    "'=1",
  ])('makes text of %j', (free) => {
    expect(cell(free)).toBe(`'${free}`);
  });

  it('makes text of every line in a cell', () => {
    expect(cell('a\n=1\r\n @x\rb')).toBe("a\n'=1\r\n' @x\rb");
  });

  it.each(['Lunch', 'a-b', 'a=b', '1-2', 'O’Neil', "'tis", '名前', '(=)', 'a\nb', '"'])('leaves %j as it is', (free) => {
    expect(cell(free)).toBe(free);
  });

  it.each(['=cmd|x', '-A1', '+1', '@x', '-1+1', '2026-01-15T08:00:00Z=', ' 5'])(
    'looks closely at %j, which is no plain cell',
    (id) => {
      expect(file({ plain: id })).toBe(file(id));
    },
  );

  it('guards its head too', () => {
    expect(csvText(['=1', 'a b'], [])).toBe('\uFEFF"\'=1","a b"\r\n');
  });

  it('is read back as it was written, and no cell begins a formula', () => {
    let cells = 0;
    const line = fc.array(anyText, { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(fc.array(line, { minLength: 5, maxLength: 5 }), fc.boolean(), (lines, asPlain) => {
        const text = csvText(
          ['a'],
          lines.map((each) => each.map((free) => (asPlain ? { plain: free } : free))),
        );
        const [, ...back] = readCsv(text.slice(1));
        expect(back.map((each) => each.map((free) => (Number.isNaN(Number(free)) ? unguarded(free) : free)))).toEqual(lines);
        for (const free of back.flat()) {
          cells++;
          if (beginsFormula(free) && !(asPlain && /^-\d+(\.\d+)?$/.test(free)))
            throw new Error(`a formula: ${JSON.stringify(free)}`);
        }
      }),
      runs(2_000),
    );
    expect(cells).toBe(runs(2_000).numRuns * 50);
  }, 120_000);
});
