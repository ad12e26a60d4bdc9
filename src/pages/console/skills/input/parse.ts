/** CSV to cells, a slice at a time, so that the page stays alive. Loaded when there is something to read: papaparse comes with it. */
import Papa from 'papaparse';
import { breathe, TURN_MS } from './work.ts';

/** One record. */
export interface Line {
  /** Where it begins in the text, from 1: a cell in quotes may have several lines. */
  line: number;
  cells: string[];
}
export interface Parsed {
  lines: Line[];
  delimiter: string;
  /** The line where a quote was opened that nobody closes; 0 = none. Everything after it is one cell. */
  openQuoteLine: number;
  /** There was more than anybody would give at once: the rest was not read. */
  cut: boolean;
}

/** In characters: some hundreds of rows, read in a few milliseconds. */
const SLICE = 32_768;
const MOST_LINES = 50_000;

/** What Excel writes before everything else where asked to, and reads by. */
const SEPARATOR_LINE = /^\uFEFF?sep=([^\r\n])(?:\r\n|\n|\r)/i;

const newLines = (cell: string): number => (/[\r\n]/.test(cell) ? (cell.match(/\r\n|\n|\r/g)?.length ?? 0) : 0);
const isBlank = (cells: readonly string[]) => cells.every((cell) => cell.trim() === '');

/**
 * @param delimiter '' = to be found out
 * @param progress hears the part that is read, 0 to 1
 * @param stopped asked between slices
 * @returns null when it was stopped
 */
export async function parseCsv(
  text: string,
  delimiter = '',
  progress: (part: number) => void = () => undefined,
  stopped: () => boolean = () => false,
): Promise<Parsed | null> {
  const hint = SEPARATOR_LINE.exec(text);
  const body = hint ? text.slice(hint[0].length) : text;
  const separator = delimiter || (hint?.[1] ?? '');
  const lines: Line[] = [];
  let line = hint ? 2 : 1;
  let openQuoteLine = 0;
  let found = separator;
  let beganMs = performance.now();
  let over = false;
  const take = ({ data, errors, meta }: Papa.ParseResult<string[]>) => {
    found = meta.delimiter;
    const open = errors.find(({ code }) => code === 'MissingQuotes')?.row;
    data.forEach((cells, index) => {
      if (open === index) openQuoteLine = line;
      if (!isBlank(cells) && lines.length < MOST_LINES) lines.push({ line, cells: cells.map((cell) => cell.trim()) });
      line += 1;
      for (const cell of cells) line += newLines(cell);
    });
    if (lines.length >= MOST_LINES) over = true;
  };
  return new Promise((resolve, reject) => {
    let gone = false;
    Papa.parse<string[]>(body, {
      delimiter: separator,
      chunkSize: SLICE,
      skipEmptyLines: false,
      chunk: (results: Papa.ParseResult<string[]>, parser: Papa.Parser) => {
        take(results);
        const stop = stopped();
        if (stop || over) {
          gone = stop;
          parser.abort();
          return;
        }
        if (performance.now() - beganMs < TURN_MS) return;
        parser.pause();
        progress(Math.min(1, results.meta.cursor / Math.max(1, body.length)));
        void breathe().then(() => {
          beganMs = performance.now();
          parser.resume();
        });
      },
      complete: () => resolve(gone ? null : { lines, delimiter: found, openQuoteLine, cut: over }),
      error: reject,
    });
  });
}
