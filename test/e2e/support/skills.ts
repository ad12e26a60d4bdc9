/** Skills as an admin gives them: the room's controls, files to read in, and what the tenant was asked and has done, beside what is said of it. */
import { createHash } from 'node:crypto';
import { expect, type Locator, type Page } from '@playwright/test';
import type { AuditEntry } from '../../../src/domain/skills/audit.ts';
import type { Batch, BatchRow } from '../../../src/domain/skills/batch.ts';
import type { Request } from '../../../src/messages/contract.ts';
import type { MessageKey } from '../../../src/messages/words.ts';
import { judge } from '../../chaos/batch-oracle.ts';
import type { LogEntry } from '../../tenant/request-log.ts';
import type { Agent } from '../../tenant/simulation.ts';
import type { Tenant } from '../../tenant/tenant.ts';
import { send } from './diagnosis.ts';
import type { Extension } from './extension.ts';
import { signIn } from './flows.ts';
import { csvRows, ready, readyPublic } from './history.ts';
import { words } from './words.ts';

export type WishedRow = Request<'planBatch'>['rows'][number];

export const FROM = '2026-03-01T08:00:00Z';
export const TO = '2026-09-30T17:00:00Z';
/** A write may take to show for so long in these tests; the product waits that long before it reads back. */
export const SETTLE_MS = 400;
const END_MS = 60_000;
const PAGE_ROWS = 20_000;

// The tenant

/** What a request is for; null: not about skills. */
export type Asked = 'skills' | 'me' | 'directory' | 'agent' | 'assignments' | 'licences' | 'figures' | 'write';

export function questionOf({ method, path }: LogEntry): Asked | null {
  const rest = path.replace(/^.*?\/v(2|\d+\.\d+)(?=\/)/, '');
  if (/^\/(routing\/strategies|skills|skills\/activity)$/.test(rest)) return 'skills';
  if (/^\/(users\/me|permissions)$/.test(rest)) return 'me';
  if (rest === '/agents') return 'directory';
  if (/^\/users\/[^/]+\/licenses$/.test(rest)) return 'licences';
  if (/^\/(users\/[^/]+\/skill-assignments|agents\/[^/]+\/skills)$/.test(rest)) return method === 'GET' ? 'assignments' : 'write';
  if (rest.startsWith('/analytics/')) return 'figures';
  return /^\/agents\/[^/]+$/.test(rest) && rest !== '/agents/states' ? 'agent' : null;
}

/** How often the tenant was asked what, after this place of its log. */
export function askedSince(tenant: Tenant, seq: number): Partial<Record<Asked, number>> {
  const counts: Partial<Record<Asked, number>> = {};
  for (const entry of tenant.log.since(seq)) {
    const question = questionOf(entry);
    if (question) counts[question] = (counts[question] ?? 0) + 1;
  }
  return counts;
}

export const logEnd = (tenant: Tenant): number => tenant.log.since(0).at(-1)?.seq ?? 0;

export const skillId = (tenant: Tenant, name: string): string => tenant.sim.skills.find((skill) => skill.name === name)?.id ?? '';

// Files

export const V2_COLUMNS = ['userId', 'skillId', 'level', 'availableFrom', 'availableTo'];

export interface BigFile {
  text: string;
  good: number;
  bad: number;
  /** What the dry run has to make of the good rows. */
  diffs: { new: number; changed: number; same: number; refused: number };
  /** Users the tenant knows, of the good rows; and one more that it does not. */
  users: number;
}

/** What the tenant will not have: figures of its cast (test/tenant/skills-v2.ts). */
const UNROUTED = ['Sales', 'Back office'];
const isUnlicensed = ({ index }: Agent) => index % 29 === 20 || index % 17 === 9;

/** 2,000 rows, 37 of them wrong in six ways, spread over the file. A tenant of profile v2 with at least 400 agents. */
export function bigFile(tenant: Tenant): BigFile {
  const { sim, ledger } = tenant;
  const diffs = { new: 0, changed: 0, same: 0, refused: 0 };
  const good: string[][] = [];
  const users = new Set<string>();
  for (const agent of sim.agents) {
    for (const [nth, skill] of sim.skills.entries()) {
      // Six of eight skills each, others for others.
      if ((nth + agent.index) % 4 === 0 || good.length === 1962) continue;
      const had = ledger.held(agent, skill.id);
      const same = had !== null && (agent.index + nth) % 5 === 0;
      const level = same ? had.level : 1 + ((agent.index + nth) % 5);
      const [from, to] = same ? [had.availableFrom, had.availableTo] : [FROM, TO];
      const isRefused = UNROUTED.includes(skill.name) || isUnlicensed(agent);
      if (isRefused) diffs.refused++;
      else if (same) diffs.same++;
      else if (had) diffs.changed++;
      else diffs.new++;
      users.add(agent.person.id);
      good.push([agent.person.id, skill.id, String(level), from, to]);
    }
  }
  // Somebody the tenant does not know.
  good.push(['00000000-0000-4000-8000-000000000001', skillId(tenant, 'Billing'), '3', FROM, TO]);
  diffs.refused++;
  const bad = badRows(tenant, good);
  const rows = [...good];
  for (const [index, row] of bad.entries()) rows.splice(50 * (index + 1), 0, row);
  const text = [V2_COLUMNS, ...rows].map((cells) => `${cells.join(',')}\r\n`).join('');
  return { text, good: good.length, bad: bad.length, diffs, users: users.size };
}

function badRows(tenant: Tenant, good: readonly string[][]): string[][] {
  const spare = tenant.sim.agents.slice(-40).map(({ person }) => person.id);
  const skill = skillId(tenant, 'Chat');
  const row = (place: number, more: Partial<Record<'user' | 'level' | 'from' | 'to', string>>) => {
    const { user = spare[place] ?? '', level = '3', from = FROM, to = TO } = more;
    return [user, skill, level, from, to];
  };
  return [
    ...Array.from({ length: 6 }, (_, i) => row(i, { user: '' })),
    ...['0', '6', 'high', '2.5', '', '-1'].map((level, i) => row(6 + i, { level })),
    ...['soon', '2026-02-30T08:00:00Z', '', '08:00', '2026-13-01T00:00:00Z', 'x'].map((from, i) => row(12 + i, { from })),
    ...Array.from({ length: 7 }, (_, i) => row(18 + i, { from: TO, to: FROM })),
    // The same again as the last good rows have it; they come later, and are wrong by that.
    ...good.slice(0, 6),
    ...[25, 25, 26, 26, 27, 27].map((place, i) => row(place, { level: String(1 + (i % 5)) })),
  ];
}

// Setting up

/** Connected, signed in, the capability switched on by the page's own button; returns a tab of the console in the room. */
export async function skilled(extension: Extension, tenant: Tenant): Promise<Page> {
  const page = await (tenant.profile === 'public' ? readyPublic(extension, tenant) : ready(extension, tenant, false));
  await settleSoon(extension);
  await openRoom(extension, page);
  const press = () => page.getByRole('button', { name: words('skills_use') }).click();
  if (tenant.profile === 'public') await press();
  else await signIn(extension, press);
  await extension.untilPublished('view.glance', ({ connection }) => connection?.skills.on === true);
  return page;
}

/** The time a write may take is short here, and so is the wait for it. A new browser has forgotten it. */
export async function settleSoon(extension: Extension): Promise<void> {
  await extension.outside((ms) => chrome.storage.session.set({ 'demo.settleMs': ms }), SETTLE_MS);
}

export async function openRoom(extension: Extension, page: Page, where: Record<string, string> = {}): Promise<void> {
  await page.goto(`${extension.origin}/src/pages/console/index.html#${new URLSearchParams({ room: 'skills', ...where })}`);
}

export const button = (page: Page, key: MessageKey): Locator => page.getByRole('button', { name: words(key) });

// A batch

/** Plans rows as the page would, and waits for the dry run. Returns the id. */
export async function planned(extension: Extension, page: Page, rows: readonly WishedRow[], name = 'by hand'): Promise<string> {
  const id = crypto.randomUUID();
  await send(page, 'planBatch', { id, name, rows: [...rows] });
  await untilStatus(extension, id, 'ready');
  return id;
}

export async function untilStatus(extension: Extension, id: string, status: Batch['status'], ms = END_MS): Promise<Batch> {
  const view = await extension.untilPublished('view.batch', (seen) => seen?.batch.id === id && seen.batch.status === status, ms);
  if (!view) throw new Error('unreachable: only a batch can hold');
  return view.batch;
}

/** All planned rows are written. */
export async function run(extension: Extension, page: Page, id: string): Promise<Batch> {
  const { batches } = await send(page, 'batches', {});
  const rows = batches.find((batch) => batch.id === id)?.counts.states.planned ?? -1;
  await send(page, 'runBatch', { batchId: id, rows });
  return untilStatus(extension, id, 'done');
}

export async function rowsOf(page: Page, batchId: string): Promise<BatchRow[]> {
  return (await send(page, 'batchRows', { batchId, diffs: [], states: [], offset: 0, limit: PAGE_ROWS })).rows;
}

export async function entriesOf(page: Page, batchId: string): Promise<AuditEntry[]> {
  const { entries, total } = await send(page, 'audit', { contains: '', batchId, offset: 0, limit: PAGE_ROWS });
  expect(entries).toHaveLength(total);
  return entries.sort((a, b) => a.seq - b.seq);
}

// What is true

export interface Mark {
  write: number;
  entry: number;
}
const START: Mark = { write: 0, entry: 0 };

/** Where the tenant's list of writes and the log of a batch stand: what comes after is compared. */
export async function markOf(page: Page, tenant: Tenant, batchId: string): Promise<Mark> {
  return {
    write: tenant.ledger.writesSince(0).at(-1)?.seq ?? 0,
    entry: (await entriesOf(page, batchId)).at(-1)?.seq ?? 0,
  };
}

/**
 * What the tenant has, the journal and the audit log say the same of this batch, and the chain holds.
 * @param since what came before is not of this run
 */
export async function expectTruth(page: Page, tenant: Tenant, batchId: string, since: Mark = START): Promise<void> {
  await expect.poll(() => tenant.ledger.pending).toBe(0);
  const { sim, ledger } = tenant;
  const entries = (await entriesOf(page, batchId)).filter(({ seq }) => seq > since.entry);
  const found = judge({
    rows: await rowsOf(page, batchId),
    writes: ledger.writesSince(since.write),
    entries,
    holds: (userId, skill) => {
      const agent = sim.byId(userId);
      return agent ? ledger.held(agent, skill) : null;
    },
  });
  expect(found).toEqual({ doubled: [], missing: [], mismatched: [], unknown: 0, resent: 0 });
  expect(await send(page, 'verifyAudit', {})).toMatchObject({ brokenSeq: 0 });
}

// What is saved

/** The text of the file that a click saves. */
export async function savedBy(page: Page, click: () => Promise<void>): Promise<string> {
  const download = page.waitForEvent('download');
  await click();
  const chunks: Buffer[] = [];
  for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** A saved table: the names of its columns, and its lines by them. */
export function tableOf(text: string): { columns: string[]; lines: Record<string, string>[] } {
  const [columns = [], ...rows] = csvRows(text.replace(/^\uFEFF/, ''));
  return { columns, lines: rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at] ?? '']))) };
}

/** Reads an exported log without the product's help: how many entries there are, and whether each follows from the one before, up to the head. */
export function checkedExport(text: string): { count: number; broken: number } {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const head = lines.pop() ?? {};
  let prev = String(head.prunedHash);
  let broken = 0;
  for (const { hash, ...entry } of lines) {
    const right = createHash('sha256').update(canonical(entry)).digest('hex') === hash && entry.prev === prev;
    if (!right && broken === 0) broken = Number(entry.seq);
    prev = String(hash);
  }
  if (broken === 0 && (head.kind !== 'head' || head.hash !== prev)) broken = -1;
  return { count: lines.length, broken };
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}
