/** Lists of the seeds' API that come in numbered pages (seed 003): until one is not full, or all that were promised are there. */
import type { Asked } from '../../ask.ts';
import type { Failure } from '../../port.ts';
import { malformed } from '../../values.ts';
import { isRecord } from './values.ts';

const PAGE = 100;
/** More than any tenant has strategies; a server that never ends is not followed for ever. */
const MAX_PAGES = 100;
const TOTALS = ['total', 'totalRecords', 'totalCount', 'totalHits'] as const;

export type Rows = { outcome: 'ok'; rows: unknown[]; atMs: number; requestId: string } | Failure;

/**
 * @param ask with the query; '' asks for a list that is whole as a rule, and goes on only where the tenant says that there is more
 * @param names the list goes by, where it is not the answer itself
 */
export async function allRows(
  ask: (query: string) => Promise<Asked>,
  names: readonly string[],
  sized: boolean,
  origin: string,
): Promise<Rows> {
  const rows: unknown[] = [];
  const known = new Set<string>();
  for (let page = 1; ; page++) {
    const size = sized ? `pageSize=${PAGE}&` : '';
    const asked = await ask(sized || page > 1 ? `?${size}pageNumber=${page}` : '');
    if (asked.outcome !== 'ok' && asked.outcome !== 'noContent') return asked;
    const { atMs, requestId } = asked;
    const list = asked.outcome === 'ok' ? listIn(asked.json, names) : [];
    if (!list) return malformed(origin, 'envelope', requestId);
    const fresh = list.filter((row) => !known.has(JSON.stringify(row)));
    for (const row of fresh) known.add(JSON.stringify(row));
    rows.push(...fresh);
    const total = asked.outcome === 'ok' ? totalIn(asked.json) : null;
    const more = total === null ? sized && list.length >= sizeIn(asked) : rows.length < total;
    // Nothing new: a server that knows no pages says the same again.
    if (!more || fresh.length === 0) return { outcome: 'ok', rows, atMs, requestId };
    // Half a list would make skills vanish.
    if (page >= MAX_PAGES) return malformed(origin, 'paging', requestId);
  }
}

export function listIn(json: unknown, names: readonly string[]): unknown[] | null {
  if (Array.isArray(json)) return json;
  if (!isRecord(json)) return null;
  return names.map((name) => json[name]).find(Array.isArray) ?? null;
}

function totalIn(json: unknown): number | null {
  const total = isRecord(json) ? TOTALS.map((name) => json[name]).find((value) => Number.isSafeInteger(value)) : null;
  return typeof total === 'number' ? total : null;
}

/** How many rows make a page full: what was asked for, or less where the tenant says so. */
function sizeIn(asked: Asked): number {
  const said = asked.outcome === 'ok' && isRecord(asked.json) ? Number(asked.json.pageSize) : Number.NaN;
  return Number.isSafeInteger(said) && said > 0 ? Math.min(said, PAGE) : PAGE;
}
