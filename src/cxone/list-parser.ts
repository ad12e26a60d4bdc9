/**
 * `JSON.parse` for a list that is asked for every few seconds and hardly changes: a row that stands there word for word as in the answer before is
 * the row of then, and is not read again. Of ten thousand agents that saves most of a poll's time and all of its garbage.
 */

/** Below so many characters it is not worth the memory. */
const WORTH = 64 * 1024;
/** Past this share of new rows the whole is read at once: that is quicker than one by one. */
const NEW_SHARE = 0.25;
/** Rows that are gone are looked over, so many in a row. */
const GONE = 4;
/** So many rows are compared at once, and fewer where they are not the same. */
const RUN = 32;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const OPENS = new Set([0x5b, 0x7b]);
const CLOSES = new Set([0x5d, 0x7d]);

/** A list as text and as rows. Row `i` is the text from the end of the one before, and the comma, to `ends[i]`. */
interface Read {
  text: string;
  rows: unknown[];
  /** Found only when there is a next answer to compare with; null: not yet. */
  ends: number[] | null;
}

/**
 * @returns a function that gives what `JSON.parse` gives, for any text, and throws where it throws. Rows may be the very objects of the answer
 *   before: nobody writes to them.
 */
export function createListParser(worth = WORTH): (text: string) => unknown {
  let last: Read | null = null;
  return (body) => {
    const text = body.trimEnd();
    const again = last && text.length >= worth ? readAgain(last, text) : null;
    if (again) {
      last = again;
      return again.rows;
    }
    last = null;
    const json: unknown = JSON.parse(text);
    if (Array.isArray(json) && text.length >= worth) last = { text, rows: json, ends: null };
    return json;
  };
}

/** Null: to be read as a whole. */
function readAgain(last: Read, text: string): Read | null {
  const close = text.length - 1;
  if (text[0] !== '[' || text[close] !== ']') return null;
  last.ends ??= endsOf(last.text);
  const { rows: oldRows, ends: oldEnds } = last;
  if (oldEnds.length !== oldRows.length) return null;
  const startOf = (index: number) => (oldEnds[index - 1] ?? 0) + 1;
  /** Where so many old rows end in the new text, if they stand there in one piece; 0: they do not. What is a value there is one here, up to the comma. */
  const standAt = (first: number, count: number, at: number): number => {
    const oldEnd = oldEnds[first + count - 1] ?? 0;
    const end = at + oldEnd - startOf(first);
    if (end <= at || (end !== close && text.charCodeAt(end) !== COMMA)) return 0;
    return text.substring(at, end) === last.text.substring(startOf(first), oldEnd) ? end : 0;
  };
  const rows: unknown[] = [];
  const ends: number[] = [];
  const take = (first: number, count: number, end: number): void => {
    const shift = end - (oldEnds[first + count - 1] ?? 0);
    for (let index = first; index < first + count; index++) {
      rows.push(oldRows[index]);
      ends.push((oldEnds[index] ?? 0) + shift);
    }
  };
  let left = Math.ceil(oldRows.length * NEW_SHARE);
  let old = 0;
  let run = RUN;
  for (let at = 1; at <= close; ) {
    const count = Math.min(run, oldRows.length - old);
    let end = count > 0 ? standAt(old, count, at) : 0;
    if (end > 0) {
      take(old, count, end);
      old += count;
      run = Math.min(RUN, run * 2);
    } else if (count > 1) {
      run = count >> 1;
      continue;
    } else {
      let gone = 0;
      while (end === 0 && ++gone <= GONE) end = standAt(old + gone, 1, at);
      if (end > 0) {
        take(old + gone, 1, end);
        old += gone + 1;
      } else {
        end = endOf(text, at);
        if (left-- <= 0 || end > close || (end < close && text.charCodeAt(end) !== COMMA)) return null;
        try {
          rows.push(JSON.parse(text.substring(at, end)));
        } catch {
          return null;
        }
        ends.push(end);
        // In the place of an old one, unless that comes next: then it is one more.
        if (standAt(old, 1, end + 1) === 0) old++;
      }
    }
    at = end + 1;
  }
  return { text, rows, ends };
}

/** Where each row of a list ends. */
function endsOf(text: string): number[] {
  const ends: number[] = [];
  for (let at = 1; at < text.length; at = (ends.at(-1) ?? 0) + 1) ends.push(endOf(text, at));
  return ends;
}

/** Where the value at `from` ends: at a comma or a closing bracket that is not its own. */
function endOf(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = afterString(text, at);
    else if (OPENS.has(code)) depth++;
    else if (CLOSES.has(code) && depth-- === 0) return at;
    else if (code === COMMA && depth === 0) return at;
  }
  return text.length;
}

/** The closing quote of the string that opens at `at`. */
function afterString(text: string, at: number): number {
  for (let quote = text.indexOf('"', at + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return quote;
  }
  return text.length;
}
