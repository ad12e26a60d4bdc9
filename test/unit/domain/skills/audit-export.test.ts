import { beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry, AuditHead } from '../../../../src/domain/skills/audit.ts';
import { chained, emptyHead, verifyChain } from '../../../../src/domain/skills/audit-chain.ts';
import { auditCsv, auditJsonLines } from '../../../../src/domain/skills/audit-export.ts';
import { beginsFormula, readCsv } from '../../support/csv.ts';
import { draft, held, sha256 } from './made.ts';

let head: AuditHead;
const entries: AuditEntry[] = [];
beforeAll(async () => {
  head = emptyHead();
  const drafts = [
    draft(0, { before: held(2), after: null, action: 'send' }),
    draft(1, {
      action: 'outcome',
      result: '=cmd|x',
      status: 200,
      requestId: '+1',
      actor: '@somebody',
      tenant: 'https://api.example',
    }),
    draft(-1, { action: 'batch', userId: '', skillId: '', after: null, result: 'done' }),
  ];
  for (const each of drafts) {
    const entry = await chained(head, each, sha256);
    entries.push(entry);
    head = { ...head, seq: entry.seq, hash: entry.hash };
  }
});

describe('the audit log as JSON lines', () => {
  it('has the oldest first, the head last, and can be verified by whoever gets it', async () => {
    const text = auditJsonLines([...entries].reverse(), head);
    expect(text.endsWith('}\n')).toBe(true);
    const lines: unknown[] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.slice(0, -1)).toEqual(entries);
    const last = lines.at(-1) as AuditHead;
    expect(last).toEqual({ kind: 'head', seq: 3, hash: head.hash, prunedSeq: 0, prunedHash: '0'.repeat(64) });
    expect(await verifyChain(lines.slice(0, -1) as AuditEntry[], last, sha256)).toEqual({ count: 3, brokenSeq: 0 });
  });

  it('without entries is its head', () => {
    expect(auditJsonLines([], head).split('\n')).toHaveLength(2);
  });
});

describe('the audit log as CSV', () => {
  it('has a line per entry, the oldest first, and the head last', () => {
    const [header = [], ...lines] = readCsv(auditCsv([...entries].reverse(), head).slice(1));
    const table = lines.map((line) => Object.fromEntries(line.map((cell, index) => [header[index], cell])));
    expect(table).toHaveLength(4);
    expect(table.map(({ seq, action }) => [seq, action])).toEqual([
      ['1', 'send'],
      ['2', 'outcome'],
      ['3', 'batch'],
      ['3', 'head'],
    ]);
    expect(table[0]).toEqual({
      seq: '1',
      at: '2026-01-15T08:00:00.000Z',
      actor: 'subject-1',
      tenant: 'organisation-1',
      batchId: 'batch-1',
      row: '0',
      action: 'send',
      userId: 'user-0',
      skillId: 'skill-1',
      beforeLevel: '2',
      beforeAvailableFrom: '2026-01-15T08:00:00Z',
      beforeAvailableTo: '2026-01-15T17:00:00Z',
      beforeActive: 'true',
      afterLevel: '',
      afterAvailableFrom: '',
      afterAvailableTo: '',
      afterActive: '',
      result: '',
      status: '0',
      requestId: '',
      version: '0.1.0',
      prev: '0'.repeat(64),
      hash: entries[0]?.hash,
    });
    expect(table[1]).toMatchObject({
      result: "'=cmd|x",
      requestId: "'+1",
      actor: "'@somebody",
      tenant: 'https://api.example',
      status: '200',
    });
    expect(table[2]).toMatchObject({ row: '-1' });
    expect(Object.entries(table[3] ?? {}).filter(([, cell]) => cell !== '')).toEqual([
      ['seq', '3'],
      ['action', 'head'],
      ['prev', '0'.repeat(64)],
      ['hash', head.hash],
    ]);
    for (const cell of lines.flat()) expect(beginsFormula(cell) && cell !== '-1').toBe(false);
  });
});
