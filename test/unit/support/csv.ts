/** CSV read without the product's help. */

/** RFC 4180, strictly: quotes, doubled quotes, commas and CRLF, the last line too; throws at anything else. Without the byte order mark. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  for (let at = 0; at < text.length; ) {
    if (cell === '' && text[at] === '"') {
      for (at++; ; at++) {
        if (at >= text.length) throw new Error('a quote that does not end');
        if (text[at] === '"' && text[at + 1] !== '"') break;
        if (text[at] === '"') at++;
        cell += text[at];
      }
      at++;
      if (text[at] !== ',' && text.slice(at, at + 2) !== '\r\n') throw new Error(`after a quote: ${text.slice(at, at + 9)}`);
    } else if (text[at] === ',') {
      row.push(cell);
      cell = '';
      at++;
    } else if (text.slice(at, at + 2) === '\r\n') {
      rows.push([...row, cell]);
      row = [];
      cell = '';
      at += 2;
    } else {
      if (/["\r\n]/.test(text[at] ?? '')) throw new Error(`bare ${JSON.stringify(text[at])}`);
      cell += text[at++];
    }
  }
  if (row.length > 0 || cell !== '') throw new Error('the last line does not end');
  return rows;
}

const NOTHING_SEEN = /^(?:\s|\p{C}|\p{Default_Ignorable_Code_Point})+/u;

/**
 * Whether a spreadsheet might take some line of it for a formula, trimming as the most eager do (LibreOffice: blanks; others also what is not seen)
 * and taking full-width and small signs for plain ones.
 */
export function beginsFormula(cell: string): boolean {
  return cell.split(/[\r\n\v\f\u0085\u2028\u2029]/).some((line) => {
    const [first = ''] = line.replace(NOTHING_SEEN, '').slice(0, 1).normalize('NFKC');
    return '=+-\u2212@'.includes(first) && first !== '';
  });
}

/** What was written, before apostrophes made text of it: one is taken off every line that would be a formula without its apostrophes. */
export function unguarded(cell: string): string {
  const parts = cell.split(/([\r\n\v\f\u0085\u2028\u2029])/);
  return parts
    .map((part, index) => {
      const bare = part.replace(/^'+/, '');
      const guarded = index % 2 === 0 && part.startsWith("'");
      const breaks = index === 0 && (/^\t/.test(bare) || (bare === '' && /^[\r\n]$/.test(parts[1] ?? '')));
      return guarded && (breaks || beginsFormula(bare)) ? part.slice(1) : part;
    })
    .join('');
}
