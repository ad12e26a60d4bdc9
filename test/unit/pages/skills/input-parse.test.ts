import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../../src/pages/console/skills/input/decode.ts';
import { parseCsv } from '../../../../src/pages/console/skills/input/parse.ts';
import { createBench, eachInTurns } from '../../../../src/pages/console/skills/input/work.ts';

const cells = async (text: string, delimiter = '') => (await parseCsv(text, delimiter))?.lines.map((line) => line.cells);

describe('a text of rows', () => {
  it.each([
    ['comma', 'a,b,c\n1,2,3\n4,5,6', ','],
    ['semicolon', 'a;b;c\r\n1;2;3\r\n4;5;6\r\n', ';'],
    ['tab', 'a\tb\tc\n1\t2\t3\n4\t5\t6\n', '\t'],
    ['bar', 'a|b|c\r1|2|3\r4|5|6', '|'],
  ])('is told by its %s', async (_name, text, delimiter) => {
    const found = await parseCsv(text);
    expect(found?.delimiter).toBe(delimiter);
    expect(found?.lines.map((line) => line.cells)).toEqual([
      ['a', 'b', 'c'],
      ['1', '2', '3'],
      ['4', '5', '6'],
    ]);
    expect(found?.openQuoteLine).toBe(0);
  });

  it('is read by another separator when somebody says so', async () => {
    expect(await cells('a,b;c\n1,2;3', ';')).toEqual([
      ['a,b', 'c'],
      ['1,2', '3'],
    ]);
  });

  it('is read as Excel says in its first line, which is no row', async () => {
    const found = await parseCsv('sep=;\r\na,b;c\r\n1;2');
    expect(found?.lines).toEqual([
      { line: 2, cells: ['a,b', 'c'] },
      { line: 3, cells: ['1', '2'] },
    ]);
    expect((await parseCsv('\uFEFFuserId,x\n'))?.lines[0]?.cells).toEqual(['userId', 'x']);
  });

  it('has no rows where there is nothing, and says where each begins', async () => {
    const found = await parseCsv('id,name\n\n 1 ,"two\nlines, and ""more"""\n , \n2,x');
    expect(found?.lines).toEqual([
      { line: 1, cells: ['id', 'name'] },
      { line: 3, cells: ['1', 'two\nlines, and "more"'] },
      { line: 6, cells: ['2', 'x'] },
    ]);
    expect((await parseCsv('  \n'))?.lines).toEqual([]);
  });

  it('says where a quotation mark is never closed, however far down', async () => {
    const rows = Array.from({ length: 4000 }, (_, index) => `u${index},s${index},3`);
    rows[3210] = 'u3210,"s3210,3';
    const found = await parseCsv(`userId,skillId,level\n${rows.join('\n')}`);
    // The header is line 1, row 0 is line 2.
    expect(found?.openQuoteLine).toBe(3212);
  });

  it('is not held against anybody that it is long: no turn of the page waits long, and all rows come', async () => {
    const rows = Array.from(
      { length: 20_000 },
      (_, index) => `u${index},skill ${index % 9},${(index % 5) + 1},2026-01-15 08:00,2026-02-15`,
    );
    let turns = 0;
    let running = true;
    const tick = () => {
      turns++;
      if (running) setImmediate(tick);
    };
    tick();
    const parts: number[] = [];
    const found = await parseCsv(rows.join('\n'), '', (part) => parts.push(part));
    running = false;
    expect(found?.lines).toHaveLength(20_000);
    expect(found?.lines.at(-1)).toEqual({ line: 20_000, cells: ['u19999', 'skill 1', '5', '2026-01-15 08:00', '2026-02-15'] });
    expect(parts.length).toBeGreaterThan(0);
    expect(turns).toBeGreaterThan(parts.length);
    expect(parts).toEqual([...parts].sort((a, b) => a - b));
  });

  it('can be stopped, and ends by itself where a file is far too long', async () => {
    const text = 'a,b\n'.repeat(60_000);
    expect(await parseCsv(text, '', undefined, () => true)).toBeNull();
    const found = await parseCsv(text);
    expect(found?.cut).toBe(true);
    expect(found?.lines).toHaveLength(50_000);
  });
});

describe('the bytes of a file', () => {
  const bytes = (...values: number[]) => new Uint8Array(values);
  it('are text by their byte order mark', () => {
    expect(decodeText(bytes(0xef, 0xbb, 0xbf, 0x61, 0xc3, 0xa9))).toBe('aé');
    expect(decodeText(bytes(0xff, 0xfe, 0x61, 0x00, 0xe9, 0x00))).toBe('aé');
    expect(decodeText(bytes(0xfe, 0xff, 0x00, 0x61, 0x00, 0xe9))).toBe('aé');
  });
  it('are UTF-8 without one, or what Windows wrote before', () => {
    expect(decodeText(bytes(0x61, 0xc3, 0xa9))).toBe('aé');
    expect(decodeText(bytes(0x61, 0xe9))).toBe('aé');
  });
});

describe('work in turns', () => {
  it('does all of it, and the page has its turns in between', async () => {
    const seen: number[] = [];
    const busy = (value: number) => {
      seen.push(value);
      const until = performance.now() + 0.2;
      while (performance.now() < until);
    };
    const items = Array.from({ length: 300 }, (_, index) => index);
    const parts: number[] = [];
    expect(
      await eachInTurns(
        items,
        busy,
        (part) => parts.push(part),
        () => false,
      ),
    ).toBe(true);
    expect(seen).toEqual(items);
    expect(parts.length).toBeGreaterThan(1);
    expect(
      await eachInTurns(
        items,
        busy,
        () => undefined,
        () => true,
      ),
    ).toBe(false);
  });
  it('ends what was under way when something else begins', async () => {
    const bench = createBench();
    let go = () => {};
    const first = bench.run('reading', async (progress) => {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      progress(1);
      return 'first';
    });
    const second = bench.run('checking', async () => 'second');
    go();
    expect(await first).toBeNull();
    expect(await second).toBe('second');
    expect(bench.now.value).toBeNull();
  });
});
