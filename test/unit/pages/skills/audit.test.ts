import { describe, expect, it } from 'vitest';
import type { AuditEntry, AuditHead } from '../../../../src/domain/skills/audit.ts';
import { collectAudit } from '../../../../src/pages/console/skills/audit/collect.ts';
import { afterText, checkedText, resultLabel } from '../../../../src/pages/console/skills/audit/words.ts';

const entry = (seq: number): AuditEntry => ({
  seq,
  prev: `h${seq - 1}`,
  at: '2026-03-02T09:41:00.000Z',
  actor: 'u-1',
  tenant: 'o-1',
  batchId: 'b',
  row: 0,
  userId: 'a',
  skillId: 's',
  action: 'send',
  before: null,
  after: null,
  result: 'sent',
  status: 0,
  requestId: '',
  version: '0.0.0',
  hash: `h${seq}`,
});

/** A log that may grow and be pruned between two pages. */
function logOf(newest: number, pruned = 0) {
  let [last, gone] = [newest, pruned];
  const head = (): AuditHead => ({
    seq: last,
    hash: `h${last}`,
    prunedSeq: gone,
    prunedHash: `h${gone}`,
    deliveredSeq: 0,
    deliveredMs: 0,
  });
  return {
    grow: (by: number) => {
      last += by;
    },
    prune: (to: number) => {
      gone = to;
    },
    read: async (offset: number, limit: number) => {
      const all = Array.from({ length: last - gone }, (_, index) => entry(last - index));
      return { entries: all.slice(offset, offset + limit), total: all.length, head: head() };
    },
  };
}

const never = new AbortController().signal;
const seqs = (entries: AuditEntry[]) => entries.map(({ seq }) => seq);
const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('the whole log for a file', () => {
  it('is every entry, the oldest first, up to the head', async () => {
    const heard: [number, number][] = [];
    const { entries, head } = await collectAudit(logOf(4500).read, (...each) => heard.push(each), never);
    expect(seqs(entries)).toEqual(from(1, 4500));
    expect(head.hash).toBe('h4500');
    expect(heard).toEqual([
      [2000, 4500],
      [4000, 4500],
      [4500, 4500],
    ]);
  });
  it('has no gap and nothing twice when entries come while it is read', async () => {
    const log = logOf(5000);
    let more = 2300;
    const { entries, head } = await collectAudit(
      log.read,
      () => {
        log.grow(more);
        more = 0;
      },
      never,
    );
    expect(seqs(entries)).toEqual(from(1, 5000));
    expect(head.seq).toBe(5000);
  });
  it('begins where retention has come to', async () => {
    const log = logOf(5000, 100);
    const { entries, head } = await collectAudit(log.read, () => log.prune(900), never);
    expect(seqs(entries)).toEqual(from(901, 5000));
    expect(head).toMatchObject({ seq: 5000, hash: 'h5000', prunedSeq: 900, prunedHash: 'h900' });
  });
  it('of an empty log is empty', async () => {
    expect((await collectAudit(logOf(0).read, () => undefined, never)).entries).toEqual([]);
  });
  it('can be ended', async () => {
    const stop = new AbortController();
    await expect(collectAudit(logOf(9000).read, () => stop.abort(), stop.signal)).rejects.toThrow();
  });
});

describe('words', () => {
  it('say which entry is broken first', () => {
    expect(checkedText({ count: 1204, brokenSeq: 0, atMs: 0 })).toBe(
      'All 1,204 entries are as they were written, and none is missing.',
    );
    expect(checkedText({ count: 311, brokenSeq: 312, atMs: 0 })).toMatch(/^Entry no\. 312 .* The 311 before it are whole/);
    expect(checkedText({ count: 0, brokenSeq: 0, atMs: 0 })).toMatch(/no entry/);
  });
  it('keep the word of the log where there is no other', () => {
    expect(resultLabel({ result: 'verified' })).toBe('Written');
    expect(resultLabel({ result: 'noAnswer' })).toBe('No answer came.');
    expect(resultLabel({ result: 'somethingNew' })).toBe('somethingNew');
    expect(resultLabel({ result: '' })).toBe('');
  });
  it('do not call unassigned what could not be read', () => {
    expect(afterText({ after: null, result: 'notReadBack' })).toBe('not read');
    expect(afterText({ after: null, result: 'asBefore' })).toBe('not assigned');
  });
});
