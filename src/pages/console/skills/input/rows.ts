/** A file's lines made into rows to check: decisions without the page. */
import type { SkillTraits } from '../../../../domain/skills/assignment.ts';
import type { CheckedRow, RawRow } from '../../../../domain/skills/check-rows.ts';
import { COLUMNS, type Column, cellsOf, guessMapping, type Mapping } from '../../../../domain/skills/columns.ts';
import type { Line } from './parse.ts';

/** How a file is read. What was chosen by hand stands; the rest is a guess. */
export interface Reading {
  hasHeader: boolean;
  mapping: Mapping;
}

/** What people did to rows by hand, by line: their cells as corrected, or left out. */
export interface Edits {
  cells: Record<number, Partial<Record<Column, string>>>;
  leftOut: number[];
}
export const NO_EDITS: Edits = { cells: {}, leftOut: [] };

/** Columns that this tenant can keep, in the order of a file. */
export function columnsFor({ window, activity, removal }: SkillTraits): Column[] {
  return COLUMNS.filter((column) => {
    if (column === 'availableFrom' || column === 'availableTo') return window;
    if (column === 'active') return activity;
    return column !== 'action' || removal;
  });
}

/** The first line is a header when it names any column we know; else the columns are taken in the usual order. */
export function guessReading(lines: readonly Line[], traits: SkillTraits): Reading {
  const first = lines[0]?.cells ?? [];
  const mapping = guessMapping(first);
  if (COLUMNS.some((column) => mapping[column] !== null)) return { hasHeader: true, mapping };
  return { hasHeader: false, mapping: mappingByPlace(first.length, traits) };
}

/** Columns in the usual order: of a file that does not name them. */
export function mappingByPlace(count: number, traits: SkillTraits): Mapping {
  const usual = columnsFor(traits);
  return Object.fromEntries(
    COLUMNS.map((column) => {
      const place = usual.indexOf(column);
      return [column, place >= 0 && place < count ? place : null];
    }),
  ) as Mapping;
}

/** What a column of the file is called where people choose: its name, or the first thing in it. */
export function columnNames(lines: readonly Line[], hasHeader: boolean): { name: string; sample: string }[] {
  const [header, body] = [hasHeader ? (lines[0]?.cells ?? []) : [], hasHeader ? lines.slice(1, 4) : lines.slice(0, 3)];
  const count = Math.max(header.length, ...body.map(({ cells }) => cells.length), 0);
  return Array.from({ length: count }, (_, index) => ({
    name: header[index] ?? '',
    sample: body.map(({ cells }) => cells[index] ?? '').find((cell) => cell !== '') ?? '',
  }));
}

/** One line as a row, with what was corrected by hand. */
export function rawOf({ line, cells }: Line, mapping: Mapping, edits: Edits): RawRow {
  return { line, cells: { ...cellsOf(cells, mapping), ...edits.cells[line] } };
}

export const isBad = ({ problems }: CheckedRow): boolean => problems.length > 0;

/** The order of the list: those with a problem first, each kind as in the file. Kept while rows are corrected: nothing jumps away under the hand. */
export function badFirst(rows: readonly CheckedRow[]): number[] {
  const [bad, good]: [number[], number[]] = [[], []];
  for (const row of rows) (isBad(row) ? bad : good).push(row.line);
  return [...bad, ...good];
}

/** What a text is known by, so that what was done to it is found again after a reload (FNV-1a). */
export function markOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return `${text.length}.${(hash >>> 0).toString(36)}`;
}
