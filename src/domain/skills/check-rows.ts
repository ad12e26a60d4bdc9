/** Rows of a file, each checked on its own and against the others, before anybody asks the tenant. */
import type { Held, SkillTraits, Wish } from './assignment.ts';
import { COLUMNS, type Column } from './columns.ts';
import { type Instant, instantReader } from './instant.ts';
import { type Clash, clashes } from './twice.ts';

export interface RawRow {
  /** Of the file, from 1 with the header. */
  line: number;
  cells: Record<Column, string>;
}

/** Words in `_locales` (`skills_issue_<code>`). */
export const ROW_ISSUES = [
  'required',
  'idBlank',
  'idForm',
  'levelNumber',
  'levelRange',
  'date',
  'dateGap',
  'dateZone',
  'order',
  'activeWord',
  'activityUnsupported',
  'action',
  'removalUnsupported',
  'duplicate',
  'contradiction',
] as const;
export type RowIssueCode = (typeof ROW_ISSUES)[number];

export interface RowIssue {
  /** Null: of the row as a whole. */
  column: Column | null;
  code: RowIssueCode;
  /**
   * What was written, shortened; of `levelRange` the least and the greatest after it, of `dateGap` the zone, of `order` both times; of `duplicate` and
   * `contradiction` the other line. None for `required` and what is unsupported.
   */
  params: string[];
}

/** Good exactly when it has no problems; then, and only then, it has a wish. */
export interface CheckedRow {
  line: number;
  raw: RawRow;
  wish: Wish | null;
  problems: RowIssue[];
}

/** For files too long to be checked in one go. */
export interface RowChecker {
  /** Checks the row on its own. */
  add(raw: RawRow): void;
  /** All rows added so far, in order, and against each other. */
  finish(): CheckedRow[];
}

type Report = (column: Column | null, code: RowIssueCode, ...params: string[]) => void;

const LONGEST_ID = 200;
/** What nearly all ids are; the rest is looked at more closely. */
const USUAL_ID = /^[\w-]{1,200}$/;
/** Blank or not to be seen: ids that look alike and are not. */
const UNSEEN = /[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
/**
 * What a spreadsheet makes of a long number (1.23E+15), half a character, and what means another place in an address.
 */
const NO_ID = /^\d([.,]\d+)?E\+\d+$|\p{Surrogate}|^\.{1,2}$/iu;
/** Other programs write whole numbers as 3.0. */
const WHOLE = /^([+-]?\d{1,9})(?:\.0+)?$/;

const ON = new Set(['', 'true', 'yes', 'y', '1', 'on', 'active', 'enabled']);
const OFF = new Set(['false', 'no', 'n', '0', 'off', 'inactive', 'disabled']);
const GIVE = new Set(['', 'assign', 'set', 'add', 'give', 'change', 'update']);
const TAKE_AWAY = new Set(['remove', 'delete', 'unassign']);

/** @param zone IANA zone of times that say no offset; '' = not chosen yet */
export function checkRow(raw: RawRow, traits: SkillTraits, zone: string): CheckedRow {
  return checked(raw, traits, zone, instantReader(zone));
}

/** All rows, in their order: each on its own, then against the others. @param zone as in `checkRow` */
export function checkRows(rows: readonly RawRow[], traits: SkillTraits, zone: string): CheckedRow[] {
  const checker = createChecker(traits, zone);
  for (const row of rows) checker.add(row);
  return checker.finish();
}

/** @param zone as in `checkRow` */
export function createChecker(traits: SkillTraits, zone: string): RowChecker {
  const instant = instantReader(zone);
  const rows: CheckedRow[] = [];
  return {
    add: (raw) => {
      rows.push(checked(raw, traits, zone, instant));
    },
    finish: () => compared(rows),
  };
}

/**
 * One row has been corrected: it is checked again, and all are compared again; no other is read anew but those that clashed. `line` names the row.
 * @param zone as in `checkRow`
 */
export function recheck(rows: readonly CheckedRow[], line: number, raw: RawRow, traits: SkillTraits, zone: string): CheckedRow[] {
  const instant = instantReader(zone);
  return compared(
    rows.map((row) => {
      if (row.line === line) return checked(raw, traits, zone, instant);
      return row.problems.some(({ code }) => code === 'duplicate' || code === 'contradiction')
        ? checked(row.raw, traits, zone, instant)
        : row;
    }),
  );
}

function compared(rows: readonly CheckedRow[]): CheckedRow[] {
  const found = clashes(rows.map(({ wish }) => wish));
  return rows.map((row, place) => {
    const clash = found.get(place);
    return clash ? { ...row, wish: null, problems: [clashOf(clash, rows)] } : row;
  });
}

const clashOf = ({ code, other }: Clash, rows: readonly CheckedRow[]): RowIssue => ({
  column: null,
  code,
  params: [String(rows[other]?.line ?? 0)],
});

function checked(raw: RawRow, traits: SkillTraits, zone: string, instant: (text: string) => Instant): CheckedRow {
  const problems: RowIssue[] = [];
  const report: Report = (column, code, ...params) => problems.push({ column, code, params });
  const cells = {} as Record<Column, string>;
  for (const column of COLUMNS) cells[column] = raw.cells[column].trim();
  const userId = idOf(cells, 'userId', report);
  const skillId = idOf(cells, 'skillId', report);
  const held = heldOf(cells, traits, zone, instant, report);
  return { line: raw.line, raw, wish: problems.length === 0 ? { userId, skillId, held } : null, problems };
}

function idOf(cells: Record<Column, string>, column: 'userId' | 'skillId', report: Report): string {
  const id = cells[column];
  if (USUAL_ID.test(id)) return id;
  if (id === '') report(column, 'required');
  else if (UNSEEN.test(id)) report(column, 'idBlank', short(id));
  else if (id.length > LONGEST_ID || NO_ID.test(id)) report(column, 'idForm', short(id));
  return id;
}

/** Null: to be taken away. Without meaning when something has been reported. */
function heldOf(
  cells: Record<Column, string>,
  traits: SkillTraits,
  zone: string,
  instant: (text: string) => Instant,
  report: Report,
): Held | null {
  const action = cells.action.toLowerCase();
  if (TAKE_AWAY.has(action)) {
    if (!traits.removal) report('action', 'removalUnsupported');
    return null;
  }
  if (!GIVE.has(action)) report('action', 'action', short(cells.action));
  const level = levelOf(cells.level, traits, report);
  const [availableFromAt, availableToAt] = traits.window ? windowOf(cells, zone, instant, report) : ['', ''];
  const word = cells.active.toLowerCase();
  const off = OFF.has(word);
  if (!off && !ON.has(word)) report('active', 'activeWord', short(cells.active));
  else if (off && !traits.activity) report('active', 'activityUnsupported');
  return { level, availableFromAt, availableToAt, active: !off };
}

function levelOf(cell: string, { levels: { min, max } }: SkillTraits, report: Report): number {
  const level = Number(WHOLE.exec(cell)?.[1] ?? Number.NaN);
  if (cell === '') report('level', 'required');
  else if (Number.isNaN(level)) report('level', 'levelNumber', short(cell));
  else if (level < min || level > max) report('level', 'levelRange', short(cell), String(min), String(max));
  return level;
}

function windowOf(
  cells: Record<Column, string>,
  zone: string,
  instant: (text: string) => Instant,
  report: Report,
): [from: string, to: string] {
  const bound = (column: 'availableFrom' | 'availableTo'): string => {
    const cell = cells[column];
    if (cell === '') {
      report(column, 'required');
      return '';
    }
    const read = instant(cell);
    if ('at' in read) return read.at;
    report(column, read.problem, short(cell), ...(read.problem === 'dateGap' ? [zone] : []));
    return '';
  };
  const [from, to] = [bound('availableFrom'), bound('availableTo')];
  // As texts they sort as they do as times: same length, same zone.
  if (from !== '' && to !== '' && to <= from)
    report('availableTo', 'order', short(cells.availableFrom), short(cells.availableTo));
  return [from, to];
}

const SHORT = 60;
const short = (text: string) => (text.length > SHORT ? `${text.slice(0, SHORT)}…` : text);
