/** A table as a file for a spreadsheet: RFC 4180, UTF-8 with a byte order mark, safe to open (security-reliability.md section 7). */

/**
 * A text is somebody's: it is quoted, and no line of it can begin a formula. `plain` is for ids, ISO dates and numbers, which other programs
 * read: they stay as they are, unless they are something else after all.
 */
export type CsvCell = string | { plain: string };

/** Without it Excel reads UTF-8 as the computer's old code page. */
const BYTE_ORDER_MARK = '\uFEFF';
const LINE_END = '\r\n';

/** What somebody may take for the end of a line inside a cell. */
const LINE_BREAK = '[\\r\\n\\v\\f\\u0085\\u2028\\u2029]';
/** Blanks, controls, and what is not seen or is no character: spreadsheets trim some of it. */
const TRIMMED = `(?!${LINE_BREAK})[\\s\\p{C}\\p{Default_Ignorable_Code_Point}]`;
/** Also the full-width, small, raised and other forms that Unicode folds to them, and the true minus: some take them for the plain ones. */
const SIGN = '[=＝﹦⁼₌⩵⩶+＋﹢⁺₊﬩\\-－﹣⁻₋−@＠﹫]';
/**
 * Where an apostrophe makes text of what a spreadsheet takes for a formula (OWASP, "CSV Injection"): before the first character of any line of
 * the cell, and of a cell that begins with a tab or a line break. Apostrophes that are there count as nothing, so that taking one away again
 * gives exactly what was written.
 */
const GUARDED = new RegExp(`(?<=^|${LINE_BREAK})(?='*(?:${TRIMMED})*${SIGN})|^(?='*[\\t\\r\\n])`, 'gu');
/** Most cells have none of it: much quicker to find out. */
const SUSPECT = new RegExp(`${SIGN}|[\\t\\r\\n]`, 'u');

/** Ids begin with a letter or digit: `-A1` is a formula. */
const PLAIN = /^(?:\w[\w.:-]*|-?\d+(?:\.\d+)?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?$/;

/**
 * @param header names of columns
 * @returns the text of the file, byte order mark included
 */
export function csvText(header: readonly string[], lines: readonly (readonly CsvCell[])[]): string {
  let text = BYTE_ORDER_MARK + header.map((name) => written({ plain: name })).join(',') + LINE_END;
  for (const line of lines) text += line.map(written).join(',') + LINE_END;
  return text;
}

function written(cell: CsvCell): string {
  const free = typeof cell === 'string' ? cell : cell.plain;
  if (free === '' || (typeof cell !== 'string' && PLAIN.test(free))) return free;
  const safe = SUSPECT.test(free) ? free.replace(GUARDED, "'") : free;
  return `"${safe.replaceAll('"', '""')}"`;
}
