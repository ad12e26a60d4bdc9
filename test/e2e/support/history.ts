/** Histories as a supervisor asks for them: what was loaded, what the tenant really has, and what was asked of it for that. */
import type { Page } from '@playwright/test';
import { EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import { withProfile } from '../../../src/domain/connection-profile.ts';
import type { AgentHistory, HistoryLoad, HistoryRecord } from '../../../src/domain/history/history.ts';
import type { MessageKey } from '../../../src/messages/words.ts';
import type { Stretch } from '../../tenant/histories.ts';
import type { Irregularity } from '../../tenant/past.ts';
import type { LogEntry } from '../../tenant/request-log.ts';
import type { Tenant } from '../../tenant/tenant.ts';
import { send } from './diagnosis.ts';
import type { Extension } from './extension.ts';
import { connect, signIn, signInFromPopup } from './flows.ts';
import { control } from './polling.ts';
import { words, wordsIn } from './words.ts';

export const SUBJECT = 'Dana Ortiz';
const DAY_MS = 86_400_000;
/** For several pages on a machine that has other work to do. */
const LOAD_MS = 25_000;

export interface Range {
  fromMs: number;
  toMs: number;
}

const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

// The tenant

export function idOf(tenant: Tenant, name = SUBJECT): string {
  return tenant.sim.find(name)?.person.id ?? '';
}

/** Makes up a past of the subject within the last day, who is at work for `presentMs` by now. Returns it as it really was. */
export async function plant(
  tenant: Tenant,
  records: number,
  irregularities: Irregularity[] = [],
  presentMs = 0,
): Promise<readonly Stretch[]> {
  const who = encodeURIComponent(SUBJECT);
  const startDate = new Date(tenant.sim.clock.now() - presentMs).toISOString();
  await control(tenant, `/agents/${who}`, { state: 'READY', startDate });
  await control(tenant, '/history', { agent: SUBJECT, records, seed: 11, irregularities });
  return control<Stretch[]>(tenant, `/history?agent=${who}`);
}

/** The questions for history the tenant was asked, in order. */
export function asked(tenant: Tenant): LogEntry[] {
  return tenant.log.since(0).filter(({ path }) => /state-history$/.test(path));
}

/** Which page of what a question is for: two of the same are one page asked for twice. */
export function pageOf({ path, query }: LogEntry): string {
  return `${path}?${new URLSearchParams(Object.entries(query).sort())}`;
}

/** The pages that were given out more than once: '' is how it should be. */
export function givenTwice(tenant: Tenant): string {
  const pages = asked(tenant)
    .filter(({ status }) => status === 200)
    .map(pageOf);
  return pages.filter((page, index) => pages.indexOf(page) !== index).join('; ');
}

// The extension

/** Connected and signed in, with history switched on unless told otherwise; returns a tab of the console that stands where nothing is loaded by itself. */
export async function ready(extension: Extension, tenant: Tenant, history = true): Promise<Page> {
  await (await connect(extension, tenant)).close();
  await signInFromPopup(extension);
  await extension.untilPublished('view.glance', ({ total }) => total > 0);
  const page = await extension.openConsole();
  if (history) await switchOn(extension, page);
  return page;
}

/** The same with a tenant of the public API. The browser is one that had access to its hosts from the start. */
export async function readyPublic(extension: Extension, tenant: Tenant): Promise<Page> {
  const { issuer, apiBaseUrl, clientId, tenantId = '' } = tenant;
  const options = await extension.openOptions();
  const draft = { ...withProfile(EMPTY_DRAFT, 'public'), name: 'Public tenant' };
  await send(options, 'saveConnection', { id: null, draft: { ...draft, issuer, apiBaseUrl, clientId, tenantId } });
  await options.close();
  await signInFromPopup(extension);
  await extension.untilPublished('view.glance', ({ total }) => total > 0);
  const page = await extension.openConsole();
  await send(page, 'useCapability', { capability: 'history', on: true });
  return page;
}

/** Asks for the scope, and agrees to it. */
export async function switchOn(extension: Extension, page: Page): Promise<void> {
  await signIn(extension, async () => void (await send(page, 'useCapability', { capability: 'history', on: true })));
}

/** The last day up to now, in whole seconds as tenants are asked. */
export function lastDay(): Range {
  const toMs = Math.ceil(Date.now() / 1000) * 1000;
  return { fromMs: toMs - DAY_MS, toMs };
}

/** Asks, and returns the id of the load. */
export async function load(page: Page, agentIds: string[], range: Range): Promise<string> {
  return (await send(page, 'loadHistory', { agentIds, ...range })).loadId;
}

/** Waits for a load to be as it should be, and returns it. */
export async function untilLoad(extension: Extension, holds: (load: HistoryLoad) => boolean, ms = LOAD_MS): Promise<HistoryLoad> {
  const view = await extension.untilPublished('view.history', (found) => found !== null && holds(found), ms);
  if (!view) throw new Error('unreachable: only a load can hold');
  return view;
}

/** It has ended, and every agent's history has come or is known not to be there. */
export const isDone = ({ status, agents }: HistoryLoad) => status === 'done' && agents.every((agent) => agent.status === 'done');
export const pagesKept = ({ agents }: HistoryLoad) => agents.reduce((sum, { pages }) => sum + pages, 0);

/** What is known of the subject, or of whoever is named. */
export async function known(page: Page, agentId: string, range: Range): Promise<AgentHistory> {
  const { agents } = await send(page, 'history', { agentIds: [agentId], ...range });
  const found = agents.find((agent) => agent.agentId === agentId);
  if (!found) throw new Error(`Nothing was said of ${agentId}.`);
  return found;
}

// The room

/** The room's own words for things, in one place. */
export const room = {
  /** Opens it on an agent's last 24 hours, or another range, in this tab. */
  async open(extension: Extension, page: Page, agentId: string, range?: Range): Promise<void> {
    const own = range && { range: 'own', from: iso(range.fromMs), to: iso(range.toMs) };
    const hash = new URLSearchParams({ room: 'history', agent: agentId, ...own });
    await page.goto(`${extension.origin}/src/pages/console/index.html#${hash}`);
  },
  button: (page: Page, key: MessageKey) => page.getByRole('button', { name: words(key) }),
  problem: (page: Page, code: string) => page.locator(`[data-problem="${code}"]`),
  /** How long a state lasted in all, as the room says it. */
  total: (page: Page, category: MessageKey) =>
    page
      .locator('.total')
      .filter({ hasText: wordsIn(category) })
      .locator('b'),
  table: (page: Page) => page.getByRole('table', { name: words('history_tableCaption') }),
  /** Rows of the table, drawn or not, without the head. */
  async stretches(page: Page): Promise<number> {
    return Number(await room.table(page).getAttribute('aria-rowcount')) - 1;
  },
};

/** A file the room saves. */
export async function saved(page: Page, button: 'history_csvLong' | 'history_pngLong'): Promise<Buffer> {
  const download = page.waitForEvent('download');
  await room.button(page, button).click();
  const chunks: Buffer[] = [];
  for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The spreadsheet, line by line; the first are the names of the columns. */
export async function savedCsv(page: Page): Promise<{ text: string; rows: string[][] }> {
  const text = (await saved(page, 'history_csvLong')).toString('utf8');
  return { text, rows: csvRows(text.replace(/^\uFEFF/, '')) };
}

/** RFC 4180, read without the product's help. */
export function csvRows(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') rows.push([]);
    if (end === '') break;
  }
  // Each line ends with a line end: what comes after the last is no line.
  return rows.slice(0, -1);
}

// What is true

/** How long the agent was in any of these states within the range, ms. */
export function spentIn(stretches: readonly Stretch[], states: readonly Stretch['state'][], { fromMs, toMs }: Range): number {
  return stretches.reduce((sum, stretch) => {
    const ms = Math.min(stretch.untilMs ?? toMs, toMs) - Math.max(stretch.sinceMs, fromMs);
    return states.includes(stretch.state) && ms > 0 ? sum + ms : sum;
  }, 0);
}

/** What the tenant says over the wire, read without the product: every page, in order of time. */
export async function wire(tenant: Tenant, { fromMs, toMs }: Range): Promise<WireRecord[]> {
  const { access_token } = await control<{ access_token: string }>(tenant, '/token', { scopes: ['reporting'] });
  const records: WireRecord[] = [];
  for (let page = 1, token = ''; page <= 100; page++) {
    const query = {
      startTime: iso(fromMs),
      endTime: iso(toMs),
      agentId: idOf(tenant),
      pageSize: '1000',
      pageNumber: String(page),
    };
    const address = `${tenant.apiBaseUrl}/api/reporting/v2/agent-state-history?${new URLSearchParams({ ...query, ...(token && { nextPageToken: token }) })}`;
    const response = await fetch(address, { headers: { authorization: `Bearer ${access_token}` } });
    const body = (await response.json()) as { records: WireRecord[]; nextPageToken?: string };
    records.push(...body.records);
    token = body.nextPageToken ?? '';
    if (token === '' && body.records.length < 1000) break;
  }
  return records;
}

export interface WireRecord {
  timestamp: string;
  state: string;
  /** Of the state before, ms. */
  duration?: number;
}

// What is true

/** Each record as moment and reason, to be compared with what really was. */
export const toldOf = (records: readonly HistoryRecord[] | null) => (records ?? []).map(({ atMs, reason }) => [atMs, reason]);
export const trueOf = (stretches: readonly Stretch[]) => stretches.map(({ sinceMs, subState }) => [sinceMs, subState ?? '']);
