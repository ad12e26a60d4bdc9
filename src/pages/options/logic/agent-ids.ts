import { looksSecret } from '../../../domain/looks-secret.ts';

/** What people paste in place of an agent id. */
export type Mistake = 'email' | 'extension' | 'name' | 'secret' | 'tooLong';

export interface PastedIds {
  /** New ids, each once, in the order given. */
  fresh: string[];
  /** Ids that are watched already or stand in the text more than once. */
  duplicates: string[];
  mistakes: { text: string; kind: Mistake }[];
}

/** The contract's limit for an id. */
const MAX_ID = 200;

/** Sorts pasted text: one id per line, or separated by commas, semicolons or spaces. */
export function sortIds(text: string, watched: ReadonlySet<string>): PastedIds {
  const fresh = new Set<string>();
  const duplicates = new Set<string>();
  const mistakes = new Map<string, Mistake>();
  for (const piece of pieces(text)) {
    const kind = mistakeIn(piece);
    if (kind !== null) mistakes.set(piece, kind);
    else if (watched.has(piece) || fresh.has(piece)) duplicates.add(piece);
    else fresh.add(piece);
  }
  return {
    fresh: [...fresh],
    duplicates: [...duplicates],
    mistakes: [...mistakes].map(([piece, kind]) => ({ text: piece, kind })),
  };
}

function pieces(text: string): string[] {
  return text
    .split(/[\r\n\t,;]+/)
    .map((piece) =>
      piece
        .trim()
        .replace(/^(["'])(.*)\1$/, '$2')
        .trim(),
    )
    .flatMap((piece) => (isListOfIds(piece) ? piece.split(/\s+/) : [piece]))
    .filter((piece) => piece !== '');
}

/** Several ids in one line, and not a name or "ext. 4821": ids are long and have digits in them. */
function isListOfIds(piece: string): boolean {
  const parts = piece.split(/\s+/);
  return parts.length > 1 && parts.every((part) => part.length >= 7 && /\d/.test(part));
}

function mistakeIn(piece: string): Mistake | null {
  if (looksSecret(piece)) return 'secret';
  if (piece.length > MAX_ID) return 'tooLong';
  if (piece.includes('@')) return 'email';
  if (isExtension(piece)) return 'extension';
  return /\s/.test(piece) ? 'name' : null;
}

/** "4821", "x4821", "ext. 4821", "+1 (801) 555-0100". Digits alone are an id from seven on: the public API numbers its agents. */
function isExtension(piece: string): boolean {
  if (/^(x|ext\.?|extension)\s*\d{2,}$/i.test(piece)) return true;
  if (!/^\+?[\d\s().-]+$/.test(piece)) return false;
  return /^\d{1,6}$/.test(piece) || /[+()\s]/.test(piece);
}
