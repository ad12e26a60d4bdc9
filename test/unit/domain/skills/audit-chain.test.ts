import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry, AuditHead } from '../../../../src/domain/skills/audit.ts';
import { canonicalJson, chained, emptyHead, verifyChain } from '../../../../src/domain/skills/audit-chain.ts';
import { runs } from '../../support/runs.ts';
import { draft, held, sha256 } from './made.ts';

interface Log {
  entries: AuditEntry[];
  head: AuditHead;
}

async function logOf(count: number): Promise<Log> {
  let head = emptyHead();
  const entries: AuditEntry[] = [];
  for (let index = 0; index < count; index++) {
    const entry = await chained(head, draft(index, { before: index % 3 === 0 ? held(2) : null }), sha256);
    entries.push(entry);
    head = { ...head, seq: entry.seq, hash: entry.hash };
  }
  return { entries, head };
}

const verify = ({ entries, head }: Log) => verifyChain(entries, head, sha256);
const rehashed = async ({ hash: _, ...entry }: AuditEntry): Promise<AuditEntry> => ({
  ...entry,
  hash: await sha256(canonicalJson(entry)),
});
/** From entry `seq` on everything is written anew, as if it had been so from the beginning. */
async function rewrittenFrom(entries: readonly AuditEntry[], seq: number): Promise<AuditEntry[]> {
  const all = [...entries];
  for (let at = seq; at < all.length; at++) {
    const [before, entry] = [all[at - 1], all[at]];
    if (before && entry) all[at] = await rehashed({ ...entry, seq: before.seq + 1, prev: before.hash });
  }
  return all;
}
/** Retention has let go of all up to `seq`. */
const pruned = ({ entries, head }: Log, seq: number): Log => ({
  entries: entries.slice(seq),
  head: seq === 0 ? head : { ...head, prunedSeq: seq, prunedHash: entries[seq - 1]?.hash ?? '' },
});

describe('canonical JSON', () => {
  it('has its keys in order at every level, and no blanks', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'é"\n' }], a: true, B: 1e21, '€': -0, '\u{1F600}': 0.1 })).toBe(
      '{"B":1e+21,"a":true,"b":[1,{"c":"é\\"\\n","d":null}],"€":0,"😀":0.1}',
    );
  });

  it('is the same whatever the order, and means the same', () => {
    const shuffled = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(shuffled)
        : value && typeof value === 'object'
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, each]) => [key, shuffled(each)]),
            )
          : value;
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      runs(500),
    );
  });

  it.each([
    [undefined],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [1n],
    [() => 1],
    [new Date(0)],
    [new Map()],
    [{ a: undefined }],
    [[undefined]],
  ])('refuses what JSON has no form for: %o', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });
});

describe('an entry', () => {
  it('begins with 64 zeros, counts from 1, and has a hash of all its other members', async () => {
    const first = await chained(emptyHead(), draft(0), sha256);
    expect(first).toMatchObject({ ...draft(0), seq: 1, prev: '0'.repeat(64) });
    const { hash, ...rest } = first;
    expect(hash).toBe(await sha256(canonicalJson(rest)));
    const second = await chained({ ...emptyHead(), seq: 1, hash }, draft(1), sha256);
    expect(second).toMatchObject({ seq: 2, prev: hash });
  });
});

describe('the chain', () => {
  let log: Log;
  beforeAll(async () => {
    log = await logOf(40);
  });

  it('of nothing, whole and pruned, verifies', async () => {
    expect(await verifyChain([], emptyHead(), sha256)).toEqual({ count: 0, brokenSeq: 0 });
    expect(await verify(log)).toEqual({ count: 40, brokenSeq: 0 });
    expect(await verify(pruned(log, 10))).toEqual({ count: 30, brokenSeq: 0 });
    expect(await verify(pruned(log, 40))).toEqual({ count: 0, brokenSeq: 0 });
  });

  it('is read as it comes', async () => {
    async function* slowly() {
      for (const entry of log.entries) yield entry;
    }
    expect(await verifyChain(slowly(), log.head, sha256)).toEqual({ count: 40, brokenSeq: 0 });
  });

  /** Each gives what a tamperer leaves, and the entry at which it is to be found. */
  const places = fc.record({ from: fc.nat(16), at: fc.integer({ min: 17, max: 40 }), other: fc.integer({ min: 17, max: 40 }) });
  const tried = (tamper: (entries: AuditEntry[], at: number, other: number) => Promise<number> | number) =>
    fc.assert(
      fc.asyncProperty(places, async ({ from, at, other }) => {
        const whole = pruned(log, from);
        const entries = structuredClone(log.entries);
        const found = await tamper(entries, at, other);
        const left = { entries: entries.filter(({ seq }, index) => seq > from || index >= from), head: whole.head };
        expect(await verify(left)).toEqual(
          found === 0 ? { count: 40 - from, brokenSeq: 0 } : { count: found - from - 1, brokenSeq: found },
        );
      }),
      runs(150),
    );

  const KEYS = [
    'seq',
    'prev',
    'at',
    'actor',
    'tenant',
    'batchId',
    'row',
    'userId',
    'skillId',
    'action',
    'before',
    'after',
    'result',
    'status',
    'requestId',
    'version',
    'hash',
  ] as const;
  it.each(KEYS)('shows where `%s` was edited, or is missing', async (key) => {
    await tried((entries, at, other) => {
      const entry = entries[at - 1] as AuditEntry & Record<string, unknown>;
      if (other % 2 === 0) delete entry[key];
      else Object.assign(entry, { [key]: typeof entry[key] === 'number' ? 9_999 : 'edited' });
      return at;
    });
  });

  it('shows what was added to an entry, or cannot be JSON', async () => {
    await tried((entries, at, other) => {
      Object.assign(entries[at - 1] ?? {}, { note: other % 2 === 0 ? 'harmless' : undefined });
      return at;
    });
  });

  it('shows an entry that was edited and given a hash that fits', async () => {
    await tried(async (entries, at) => {
      const entry = entries[at - 1];
      if (entry) entries[at - 1] = await rehashed({ ...entry, result: 'edited' });
      return at;
    });
  });

  it('shows an entry that was hung on another and given a hash that fits', async () => {
    await tried(async (entries, at) => {
      const entry = entries[at - 1];
      if (entry) entries[at - 1] = await rehashed({ ...entry, prev: 'f'.repeat(64) });
      return at;
    });
  });

  it('shows where an entry was taken out', async () => {
    await tried((entries, at) => {
      entries.splice(at - 1, 1);
      return at;
    });
  });

  it('shows where several were cut off', async () => {
    await tried((entries, at) => {
      entries.splice(at - 1);
      return at;
    });
  });

  it('shows where two changed places, with their numbers or without', async () => {
    await tried((entries, at, other) => {
      const [a, b] = [entries[at - 1], entries[other - 1]];
      if (!a || !b || at === other) return 0;
      const keep = (at + other) % 2 === 0;
      entries[at - 1] = keep ? { ...b, seq: at } : b;
      entries[other - 1] = keep ? { ...a, seq: other } : a;
      return Math.min(at, other);
    });
  });

  it('shows where one was put in', async () => {
    await tried((entries, at, other) => {
      const entry = entries[other - 1];
      if (entry) entries.splice(at, 0, structuredClone(entry));
      // The very next one twice: the second of them is too many.
      return other === at + 1 ? at + 2 : at + 1;
    });
  });

  it('shows what was added after its head', async () => {
    const more = await chained(log.head, draft(40), sha256);
    expect(await verify({ entries: [...log.entries, more], head: log.head })).toEqual({ count: 40, brokenSeq: 41 });
  });

  it('shows by its head that all of it was rewritten from somewhere', async () => {
    const entries = structuredClone(log.entries);
    const entry = entries[9];
    if (entry) entries[9] = await rehashed({ ...entry, result: 'edited' });
    expect(await verify({ entries: await rewrittenFrom(entries, 10), head: log.head })).toEqual({ count: 39, brokenSeq: 40 });
    entries.splice(9, 1);
    expect(await verify({ entries: await rewrittenFrom(entries, 9), head: log.head })).toEqual({ count: 39, brokenSeq: 40 });
  });

  it('shows that entries are gone which retention did not take, or a head that is not its own', async () => {
    expect(await verify({ entries: log.entries.slice(5), head: log.head })).toEqual({ count: 0, brokenSeq: 1 });
    expect(await verify({ entries: [], head: log.head })).toEqual({ count: 0, brokenSeq: 1 });
    expect(await verify({ entries: [], head: { ...pruned(log, 40).head, prunedHash: 'f'.repeat(64) } })).toMatchObject({
      brokenSeq: 41,
    });
    expect(await verify({ ...pruned(log, 9), head: { ...pruned(log, 9).head, prunedHash: 'f'.repeat(64) } })).toEqual({
      count: 0,
      brokenSeq: 10,
    });
  });

  it('of 10,000 entries is verified whole, and shows one edit', async () => {
    const long = await logOf(10_000);
    expect(await verify(long)).toEqual({ count: 10_000, brokenSeq: 0 });
    for (const at of [1, 2, 5_000, 9_999, 10_000]) {
      const entries = [...long.entries];
      const entry = entries[at - 1];
      if (entry) entries[at - 1] = { ...entry, userId: 'somebody-else' };
      expect(await verify({ entries, head: long.head })).toEqual({ count: at - 1, brokenSeq: at });
    }
  }, 60_000);
});
