/** Many rows from a file or a paste: read, checked, corrected, and handed on. */
import { batch, computed, effect, signal, untracked } from '@preact/signals';
import { type CheckedRow, createChecker, type RawRow, recheck } from '../../../../domain/skills/check-rows.ts';
import type { Column, Mapping } from '../../../../domain/skills/columns.ts';
import { missingColumns } from '../../../../domain/skills/columns.ts';
import { t } from '../../../../messages/words.ts';
import { attempt } from '../../../parts/notice.tsx';
import { access, connectionId, traits } from '../access.ts';
import { decodeText } from './decode.ts';
import { KEPT_MOST, kept } from './kept.ts';
import type { Parsed } from './parse.ts';
import { plan } from './plan.ts';
import { badFirst, type Edits, guessReading, isBad, mappingByPlace, markOf, NO_EDITS, rawOf } from './rows.ts';
import { breathe, createBench, eachInTurns } from './work.ts';
import { zone } from './zones.ts';

/** More than anybody's list of skills: a wrong file. In bytes. */
const MOST_BYTES = 20_000_000;

export interface Source {
  /** Of the file; '' = pasted. */
  name: string;
  text: string;
}

/** What was pasted, or typed. */
export const pasted = kept('pasted', '');
/** The file whose rows were on screen before the page was loaded anew; '' = none. */
export const lostFile = kept('file', '');
/** What was done to the rows of the text with this mark. */
const done = kept('edits', { mark: '', edits: NO_EDITS, planned: [] as number[] });

export const source = signal<Source | null>(null);
export const parsed = signal<Parsed | null>(null);
export const hasHeader = signal(true);
export const mapping = signal<Mapping | null>(null);
/** '' = found out by itself. */
export const delimiter = signal('');
/** In the order of the file; null before all of them are checked. */
export const rows = signal<CheckedRow[] | null>(null);
/** Lines in the order they are shown. */
export const order = signal<number[]>([]);
/** Why the file could not be read; '' when it could. */
export const failed = signal('');
const planned = signal<ReadonlySet<number>>(new Set());
let edits: Edits = NO_EDITS;
let mark = '';

export const bench = createBench();

/** Columns without which nothing can be checked. */
export const missing = computed(() => (mapping.value ? missingColumns(mapping.value, traits.value) : []));
export const bad = computed(() => rows.value?.filter(isBad) ?? []);
/** Right, and not handed on yet. */
export const good = computed(() => rows.value?.filter((row) => row.wish !== null && !planned.value.has(row.line)) ?? []);
/** As many of them as fit into one batch. */
export const next = computed(() => good.value.slice(0, access.value?.batchRows ?? 0));
export const byLine = computed(() => new Map(rows.value?.map((row) => [row.line, row])));
/** Of these, one looks at each: their cells can be typed in. */
export const wasBad = signal<ReadonlySet<number>>(new Set());
let drawn = 0;
/** The rows as the table takes them. */
export const listing = {
  total: computed(() => order.value.length),
  version: computed(() => {
    void byLine.value;
    void planned.value;
    return ++drawn;
  }),
  rowAt: (index: number): CheckedRow | undefined => byLine.peek().get(order.peek()[index] ?? -1),
  look: () => undefined,
};
export const isPlanned = (line: number): boolean => planned.peek().has(line);
export const plannedCount = computed(() => planned.value.size);

function keepDone(): void {
  done.value = { mark, edits, planned: [...planned.peek()] };
}

/** Everything of another file, or of none. */
function clear(next: Source | null): void {
  bench.stop();
  mark = next ? markOf(next.text) : '';
  const known = done.peek().mark === mark && next !== null;
  edits = known ? done.peek().edits : NO_EDITS;
  batch(() => {
    source.value = next;
    parsed.value = null;
    mapping.value = null;
    rows.value = null;
    order.value = [];
    failed.value = '';
    planned.value = new Set(known ? done.peek().planned : []);
  });
}

/** Begins anew: nothing is left of it but what was handed on. */
export function startOver(): void {
  clear(null);
  batch(() => {
    pasted.value = '';
    lostFile.value = '';
    delimiter.value = '';
    keepDone();
  });
}

async function parse(): Promise<void> {
  const from = source.peek();
  if (!from) return;
  try {
    const found = await bench.run('reading', async (progress, stopped) => {
      const { parseCsv } = await import('./parse.ts');
      return stopped() ? null : parseCsv(from.text, delimiter.peek(), progress, stopped);
    });
    if (found === null || source.peek() !== from) return;
    const guess = guessReading(found.lines, traits.peek());
    batch(() => {
      parsed.value = found;
      hasHeader.value = guess.hasHeader;
      mapping.value = guess.mapping;
    });
    await check();
  } catch (error) {
    if (source.peek() === from) failed.value = error instanceof Error ? error.message : String(error);
  }
}

const body = () => (hasHeader.peek() ? parsed.peek()?.lines.slice(1) : parsed.peek()?.lines) ?? [];

/** Checks all rows, anew where something that concerns all of them was chosen. */
export async function check(): Promise<void> {
  const chosen = mapping.peek();
  if (!chosen) return;
  rows.value = null;
  if (missing.peek().length > 0) return bench.stop();
  const leftOut = new Set(edits.leftOut);
  const lines = body().filter(({ line }) => !leftOut.has(line));
  const found = await bench.run('checking', async (progress, stopped) => {
    const checker = createChecker(traits.peek(), zone.peek());
    const whole = await eachInTurns(lines, (line) => checker.add(rawOf(line, chosen, edits)), progress, stopped);
    if (!whole) return null;
    // One after the other, and not in one go: each takes its time with tens of thousands of rows.
    const all = checker.finish();
    await breathe();
    const shown = { all, order: badFirst(all), bad: new Set(all.filter(isBad).map(({ line }) => line)) };
    await breathe();
    return shown;
  });
  if (found === null) return;
  batch(() => {
    rows.value = found.all;
    order.value = found.order;
    wasBad.value = found.bad;
  });
}

/** There is something to read, nothing is wrong with it, and nobody is at it: it was stopped. */
export const stoppedHalfway = computed(
  () =>
    source.value !== null &&
    rows.value === null &&
    bench.now.value === null &&
    failed.value === '' &&
    (parsed.value === null || missing.value.length === 0),
);

/** After a stop. */
export const goOn = (): Promise<void> => (parsed.peek() === null ? parse() : check());

/** Takes a text as the source; one that is there already stays as it is. */
export async function openText(text: string): Promise<void> {
  if (source.peek()?.text === text && source.peek()?.name === '') return;
  if (text.trim() === '') return clear(null);
  lostFile.value = '';
  clear({ name: '', text });
  await parse();
}

export async function openFile(file: File): Promise<void> {
  delimiter.value = '';
  pasted.value = '';
  clear(null);
  if (file.size > MOST_BYTES) {
    failed.value = t('skills_in_tooBig', Math.round(MOST_BYTES / 1e6));
    return;
  }
  try {
    const text = decodeText(new Uint8Array(await file.arrayBuffer()));
    if (text.trim() === '') {
      failed.value = t('skills_in_emptyFile');
      return;
    }
    clear({ name: file.name, text });
    lostFile.value = file.name;
  } catch (error) {
    failed.value = error instanceof Error ? error.message : String(error);
    return;
  }
  await parse();
}

/** Whether a reload would lose it. */
export const tooLongToKeep = computed(() => source.value?.name === '' && source.value.text.length > KEPT_MOST);

export async function chooseDelimiter(chosen: string): Promise<void> {
  delimiter.value = chosen;
  rows.value = null;
  await parse();
}

export async function chooseHeader(on: boolean): Promise<void> {
  const lines = parsed.peek()?.lines ?? [];
  hasHeader.value = on;
  mapping.value = on ? guessReading(lines, traits.peek()).mapping : mappingByPlace(lines[0]?.cells.length ?? 0, traits.peek());
  await check();
}

export async function chooseColumn(column: Column, place: number | null): Promise<void> {
  const now = mapping.peek();
  if (!now) return;
  mapping.value = { ...now, [column]: place };
  await check();
}

export async function chooseZone(chosen: string): Promise<void> {
  zone.value = chosen;
  await check();
}

/** One cell, corrected by hand: its row is checked again, and compared with the others. */
export function editCell(line: number, column: Column, text: string): void {
  const row = byLine.peek().get(line);
  if (!row || row.raw.cells[column] === text) return;
  const raw: RawRow = { line, cells: { ...row.raw.cells, [column]: text } };
  edits = { ...edits, cells: { ...edits.cells, [line]: { ...edits.cells[line], [column]: text } } };
  rows.value = recheck(rows.peek() ?? [], line, raw, traits.peek(), zone.peek());
  keepDone();
}

/** A row that is not wanted: what it clashed with may be right by itself. */
export function leaveOut(line: number): void {
  const row = byLine.peek().get(line);
  if (!row) return;
  edits = { ...edits, leftOut: [...edits.leftOut, line] };
  const rest = (rows.peek() ?? []).filter((each) => each !== row);
  batch(() => {
    rows.value = recheck(rest, line, row.raw, traits.peek(), zone.peek());
    order.value = order.peek().filter((each) => each !== line);
  });
  keepDone();
}

/** Back as it was. */
export function takeBack(line: number): void {
  edits = { ...edits, leftOut: edits.leftOut.filter((each) => each !== line) };
  keepDone();
  void check();
}

/** Hands the good rows on, as many as fit into one batch; the others stay. */
export async function planNext(): Promise<void> {
  const chosen = next.peek();
  const from = source.peek();
  const wishes = chosen.flatMap(({ line, wish }) => (wish ? [{ line, ...wish }] : []));
  const name = from?.name || t('skills_in_pastedName');
  await attempt(() =>
    plan(name, wishes, () => {
      planned.value = new Set([...planned.peek(), ...chosen.map(({ line }) => line)]);
      if (good.peek().length === 0 && bad.peek().length === 0) startOver();
      else keepDone();
    }),
  );
}

/** Rows belong to the connection they were given for. */
let of = '';
effect(() => {
  if (connectionId.value === of) return;
  of = connectionId.value;
  untracked(() => clear(null));
});

/** What was pasted before the page was loaded anew is read again. */
export function reopen(): void {
  if (source.peek() === null && pasted.peek() !== '') void openText(pasted.peek());
}
