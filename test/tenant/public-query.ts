/** What the public API's lists have in common: `fields`, `orderBy`, `top`, `skip`, `_links`, and dates (facts, sections 2 and 3). */
import { HttpError } from './http.ts';

export type Row = Record<string, unknown>;

/** Whether this is a row at all: lists may be made to hold what is none. */
export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What may stand in the query of a list. */
export interface ListRules {
  /** Names a row may have: `fields` and `orderBy` are checked against them. */
  known: readonly string[];
  /** Rows in a page nobody gave a size; null: all of them. */
  defaultTop: number | null;
  /** More than so many are never given, whatever is asked for. */
  maxTop?: number;
  /** Fault: each page after the first begins so many rows early. */
  overlap: number;
}

/** One page, with what belongs beside it. */
export interface Page {
  rows: unknown[];
  totalRecords: number;
  _links: { self: string; next?: string; previous?: string };
}

function count(query: URLSearchParams, name: string, low: number): number | null {
  const text = query.get(name);
  if (text === null) return null;
  if (!/^\d{1,9}$/.test(text) || Number(text) < low) throw new HttpError(400, 'invalid_request', `Invalid ${name}`);
  return Number(text);
}

/** The names after `fields=`; null: all. */
export function fieldsOf(query: URLSearchParams, known: readonly string[]): string[] | null {
  const text = query.get('fields');
  if (text === null || text === '') return null;
  const names = text.split(',').map((name) => name.trim());
  if (!names.every((name) => known.includes(name))) throw new HttpError(400, 'invalid_request', 'Invalid Fields List');
  return names;
}

/** A row with these members only. */
export function trimmed(row: unknown, fields: readonly string[] | null): unknown {
  return fields === null || !isRow(row) ? row : Object.fromEntries(fields.map((name) => [name, row[name]]));
}

function sorted(rows: readonly unknown[], query: URLSearchParams, known: readonly string[]): readonly unknown[] {
  const text = query.get('orderBy');
  if (text === null || text === '') return rows;
  const [, name = '', direction = 'asc'] = /^(\w+)(?:\s+(asc|desc))?$/i.exec(text) ?? [];
  if (!known.includes(name)) throw new HttpError(400, 'invalid_request', 'Invalid Order By');
  const sign = direction.toLowerCase() === 'desc' ? -1 : 1;
  const of = (row: unknown) => (isRow(row) ? row[name] : undefined);
  return [...rows].sort((a, b) => sign * compare(of(a), of(b)));
}

function compare(a: unknown, b: unknown): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a ?? '').localeCompare(String(b ?? ''));
}

/**
 * Cuts the page asked for out of all rows. `address`: the list's own, without a query; it leads the links, which are whole addresses.
 */
export function paged(rows: readonly unknown[], query: URLSearchParams, address: string, rules: ListRules): Page {
  const fields = fieldsOf(query, rules.known);
  const asked = count(query, 'top', 1) ?? rules.defaultTop;
  const top = asked === null ? null : Math.min(asked, rules.maxTop ?? asked);
  const skip = count(query, 'skip', 0) ?? 0;
  const ordered = sorted(rows, query, rules.known);
  const from = skip === 0 ? 0 : Math.max(0, skip - rules.overlap);
  const link = (to: number): string => {
    const other = new URLSearchParams(query);
    if (top !== null) other.set('top', String(top));
    other.set('skip', String(to));
    return `${address}?${other}`;
  };
  const end = top === null ? ordered.length : skip + top;
  return {
    rows: ordered.slice(from, end).map((row) => trimmed(row, fields)),
    totalRecords: rows.length,
    _links: {
      self: link(skip),
      ...(end < ordered.length ? { next: link(end) } : {}),
      ...(skip > 0 && top !== null ? { previous: link(Math.max(0, skip - top)) } : {}),
    },
  };
}

/**
 * A date of the query, epoch ms. Only ISO 8601 in UTC with a literal `Z` (facts, section 2: an offset made trouble, `0` became a 400).
 * @param otherwise what a missing one is
 */
export function instant(query: URLSearchParams, name: string, otherwise: number, complaint: string): number {
  const text = query.get(name);
  if (text === null || text === '') return otherwise;
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?Z$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw new HttpError(400, 'invalid_request', complaint);
  return ms;
}

/** Whether a flag of the query lets a value pass; absent: everything passes. */
export function flagAllows(query: URLSearchParams, name: string, value: boolean): boolean {
  const text = query.get(name);
  if (text === null || text === '') return true;
  if (!/^(true|false)$/i.test(text)) throw new HttpError(400, 'invalid_request', `Invalid ${name}`);
  return (text.toLowerCase() === 'true') === value;
}

/** A length of time as ISO 8601 has it, such as `PT1H2M3.5S`. */
export function isoDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = Math.round((seconds % 60) * 1000) / 1000;
  const parts = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${rest > 0 ? `${rest}S` : ''}`;
  return `PT${parts === '' ? '0S' : parts}`;
}
