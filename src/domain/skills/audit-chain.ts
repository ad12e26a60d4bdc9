/**
 * The chain of the audit log (security-reliability.md section 7): each entry's hash covers the one before, so that an edit, a gap or a change of order shows.
 * Whoever can rewrite the whole log and its head can still do so: a head noted elsewhere (every export has it) shows that too.
 */
import { type AuditDraft, type AuditEntry, type AuditHead, FIRST_PREV } from './audit.ts';

/** SHA-256 of the text as UTF-8, in hex, small letters. */
export type Sha256 = (text: string) => Promise<string>;

/**
 * JSON in one form only (after RFC 8785): keys in order of their UTF-16 code units at each level, no blanks. Throws a TypeError for what JSON has
 * no form for: nothing may be left out unseen.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && isPlain(value)) {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
  }
  throw new TypeError('not JSON');
}

/** Of another realm too, as what IndexedDB gives back may be. */
function isPlain(value: object): boolean {
  const proto: unknown = Object.getPrototypeOf(value);
  return proto === null || Object.getPrototypeOf(proto) === null;
}

/** Before the first entry. */
export const emptyHead = (): AuditHead => ({
  seq: 0,
  hash: FIRST_PREV,
  prunedSeq: 0,
  prunedHash: FIRST_PREV,
  deliveredSeq: 0,
  deliveredMs: 0,
});

/** The entry that follows `head`; the new head has its `seq` and `hash`. */
export async function chained(head: AuditHead, draft: AuditDraft, sha256: Sha256): Promise<AuditEntry> {
  const entry = { seq: head.seq + 1, prev: head.hash, ...draft };
  return { ...entry, hash: await sha256(canonicalJson(entry)) };
}

/**
 * Recomputes the chain from where retention has left it to the head. @param entries by `seq`, the oldest first
 * @returns `count`: entries that are as they were written, up to the first that is not; `brokenSeq`: that one, or the one that is missing; 0 = none.
 */
export async function verifyChain(
  entries: AsyncIterable<AuditEntry> | Iterable<AuditEntry>,
  head: AuditHead,
  sha256: Sha256,
): Promise<{ count: number; brokenSeq: number }> {
  let seq = head.prunedSeq;
  let hash = head.prunedHash;
  /** An entry that does not follow from the one before, though its own hash is right: one of the two was written anew. */
  let doubtful = 0;
  const broken = (at: number) => ({ count: at - head.prunedSeq - 1, brokenSeq: at });
  for await (const entry of entries) {
    // Who is vouched for by the one after is as it was; so the one before was not.
    if (doubtful > 0) return broken(entry.prev === hash && doubtful - 1 > head.prunedSeq ? doubtful - 1 : doubtful);
    if (entry.seq !== seq + 1 || entry.seq > head.seq || entry.hash !== (await hashOf(entry, sha256))) return broken(seq + 1);
    if (entry.prev !== hash) doubtful = entry.seq;
    ({ seq, hash } = entry);
  }
  if (doubtful > 0) return broken(hash === head.hash && doubtful - 1 > head.prunedSeq ? doubtful - 1 : doubtful);
  if (seq !== head.seq) return broken(seq + 1);
  if (hash !== head.hash) return broken(Math.max(seq, head.prunedSeq + 1));
  return { count: seq - head.prunedSeq, brokenSeq: 0 };
}

/** '' for an entry that cannot even be written as JSON: no hash is. */
async function hashOf({ hash: _, ...entry }: AuditEntry, sha256: Sha256): Promise<string> {
  try {
    return await sha256(canonicalJson(entry));
  } catch (error) {
    if (error instanceof TypeError) return '';
    throw error;
  }
}
