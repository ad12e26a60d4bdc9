/** Diagnoses as a supervisor asks for them: what was found, what is shown, and what was asked of CXone for it. */
import type { Page } from '@playwright/test';
import { causeTitle } from '../../../src/domain/diagnosis/cause-words.ts';
import type { Cause } from '../../../src/domain/diagnosis/causes.ts';
import { diagnose } from '../../../src/domain/diagnosis/diagnose.ts';
import type { Trace } from '../../../src/domain/diagnosis/evidence.ts';
import { type DiagnosisRun, evidenceOf } from '../../../src/domain/diagnosis/run.ts';
import type { Diagnosis, Verdict } from '../../../src/domain/diagnosis/verdict.ts';
import type { MessageType, Reply, Request } from '../../../src/messages/contract.ts';
import type { MessageKey } from '../../../src/messages/words.ts';
import type { Person } from '../../tenant/people.ts';
import type { LogEntry } from '../../tenant/request-log.ts';
import { SUBJECT } from '../../tenant/scenarios.ts';
import type { Tenant } from '../../tenant/tenant.ts';
import type { Extension } from './extension.ts';
import { wordsIn } from './words.ts';

/** Three retries five seconds apart, and some. */
const LONGEST_MS = 35_000;

/** The questions a diagnosis may ask, by what they are about. */
export type Asked = 'introspection' | 'me' | 'agent' | 'directory' | 'skillGroups' | 'states' | 'statesOf';

// The tenant

/** The agent the scenarios are about. */
export function subject(tenant: Pick<Tenant, 'sim'>): Person {
  const agent = tenant.sim.find(SUBJECT);
  if (!agent) throw new Error(`Nobody is called ${SUBJECT}.`);
  return agent.person;
}

/** What a request is a question for; null for one that no diagnosis makes. */
export function questionOf(path: string): Asked | null {
  if (path === '(introspection)' || path === '/token/introspection') return 'introspection';
  const isPublic = /^\/inContactAPI\//i.test(path);
  const rest = path.replace(isPublic ? /^.*?\/v\d+\.\d+(?=\/)/ : /^.*?\/v2(?=\/)/, '');
  if (rest === '/users/me' || rest === '/permissions') return 'me';
  if (/^\/agents\/states\?/.test(rest)) return isPublic ? 'states' : 'statesOf';
  if (rest === '/agents/states') return 'states';
  if (/^\/agents\/[^/?]+\/states$/.test(rest)) return 'statesOf';
  if (/^\/agents(\?|$)/.test(rest)) return 'directory';
  if (/^\/agents\/[^/]+\/(skillGroups|skills)(\?|$)/.test(rest)) return 'skillGroups';
  return /^\/agents\/[^/?]+$/.test(rest) ? 'agent' : null;
}

/** An entry of the tenant's log as a diagnosis would write the path. */
export function pathOf({ path, query }: LogEntry): string {
  const search = new URLSearchParams(query).toString();
  return search === '' ? path : `${path}?${search}`;
}

// Asking

/**
 * No page of this browser counts as being looked at: they do not ask every five seconds, and what is asked during a diagnosis is the
 * diagnosis's own. Before the first page is opened.
 */
export async function lookAway(extension: Extension): Promise<void> {
  await extension.context.addInitScript(() => {
    if (location.protocol !== 'chrome-extension:') return;
    Object.defineProperty(Document.prototype, 'visibilityState', { configurable: true, get: () => 'hidden' });
  });
}

/** A message as a page sends it. */
export async function send<T extends MessageType>(page: Page, type: T, request: Request<T>): Promise<Reply<T>> {
  const answer = await page.evaluate(
    ([kind, body]) =>
      chrome.runtime.sendMessage({ type: kind, version: chrome.runtime.getManifest().version, request: body }) as Promise<{
        ok: boolean;
        value: unknown;
        error?: unknown;
      }>,
    [type, request] as const,
  );
  if (!answer?.ok) throw new Error(`${type}: ${JSON.stringify(answer)}`);
  return answer.value as Reply<T>;
}

/** Opens the room in this console and asks why there is no state for the agent. Returns the id of the run. */
export async function askWhy(extension: Extension, page: Page, agentId: string): Promise<string> {
  const before = (await extension.published('view.diagnosis'))?.id;
  const hash = new URLSearchParams({ room: 'diagnosis', agent: agentId, ask: '1' });
  await page.goto(`${extension.origin}/src/pages/console/index.html#${hash}`);
  const run = await extension.untilPublished(
    'view.diagnosis',
    (view) => view !== null && view.id !== before && view.agents.some((agent) => agent.agentId === agentId),
  );
  return run?.id ?? '';
}

/** Waits until a run has ended, and returns it. */
export async function untilEnded(extension: Extension, runId: string): Promise<DiagnosisRun> {
  return untilRun(extension, (run) => run.id === runId && run.status !== 'running');
}

export async function untilRun(extension: Extension, holds: (run: DiagnosisRun) => boolean): Promise<DiagnosisRun> {
  const run = await extension.untilPublished('view.diagnosis', (view) => view !== null && holds(view), LONGEST_MS);
  if (!run) throw new Error('unreachable: only a run can hold');
  return run;
}

/** Asks, and waits for the end. */
export async function diagnosed(extension: Extension, page: Page, agentId: string): Promise<DiagnosisRun> {
  return untilEnded(extension, await askWhy(extension, page, agentId));
}

/**
 * Asks, and stops when the state was asked for in vain and all that is left is to ask again: by then every other check is made, and ten
 * seconds of waiting are saved.
 */
export async function diagnosedBriefly(extension: Extension, page: Page, agentId: string): Promise<DiagnosisRun> {
  const runId = await askWhy(extension, page, agentId);
  const run = await untilRun(
    extension,
    ({ id, status, doing, agents }) =>
      id === runId && (status !== 'running' || ((agents[0]?.states.length ?? 0) > 0 && (doing?.untilMs ?? 0) > 0)),
  );
  if (run.status === 'running') await send(page, 'cancelDiagnosis', {});
  await untilEnded(extension, runId);
  return run;
}

/** Nothing is diagnosed by itself from now on, as after four diagnoses in a quarter of an hour. */
export async function noneByItself(extension: Extension): Promise<void> {
  const id = (await extension.published('view.glance'))?.connection?.id ?? '';
  await extension.outside(async (key) => {
    const used = Array.from({ length: 4 }, (_, index) => ({ key: `spent ${index}`, atMs: Date.now(), runId: '' }));
    await chrome.storage.session.set({ [key]: used });
  }, `${id}/backgroundRuns`);
}

// What came of it

/** What the evidence adds up to for one agent of a run, the first by default. */
export function findingsOf(run: DiagnosisRun, agentId = run.agents[0]?.agentId): Diagnosis {
  const agent = run.agents.find((each) => each.agentId === agentId);
  if (!agent) throw new Error(`Run ${run.id} is not about ${agentId}.`);
  return diagnose(evidenceOf(run, agent), (ms) => new Date(ms).toISOString().slice(11, 16));
}

export function topOf(run: DiagnosisRun, agentId?: string): Verdict | null {
  return findingsOf(run, agentId).verdicts[0] ?? null;
}

/** The one sentence of a verdict, which may say besides how sure it is. */
export function titleOf(verdict: Pick<Verdict, 'cause' | 'params'>): RegExp {
  return wordsIn(causeTitle(verdict).key as MessageKey);
}

export function causesOf(run: DiagnosisRun): (Cause | null)[] {
  return run.agents.map(({ agentId }) => topOf(run, agentId)?.cause ?? null);
}

/** What this run asked of CXone itself, in order. */
export function askedBy({ traces }: DiagnosisRun): (Asked | null)[] {
  return traces.filter(({ shared }) => !shared).map(({ path }) => questionOf(path));
}

/**
 * What does not agree between a run's own record and the tenant's: '' when every request it says it made is in the log once, under its own
 * name, and the log has no question of a diagnosis that the run does not speak of.
 * @param since number of the last request before the run was asked for
 */
export function disagreement({ traces }: DiagnosisRun, log: readonly LogEntry[], since: number): string {
  const own = traces.filter(({ shared }) => !shared);
  const named = (trace: Trace) => trace.requestId !== '';
  const unknown = traces.filter((trace) => named(trace) && log.every(({ requestId }) => requestId !== trace.requestId));
  const ids = own.filter(named).map(({ requestId }) => requestId);
  const doubled = ids.filter((id, index) => ids.indexOf(id) !== index);
  const nameless = own.filter((trace) => !named(trace));
  // Without an answer there is no name; what the provider is asked has one nobody needs.
  const unnamed = nameless.filter(({ status, path }) => status !== 0 && questionOf(path) !== 'introspection');
  const others = log.filter((entry) => {
    if (entry.seq <= since) return false;
    const question = questionOf(pathOf(entry));
    // Polls ask for states whenever they please.
    return question !== null && question !== 'states' && question !== 'statesOf' && !ids.includes(entry.requestId);
  });
  const problems = [
    ...unknown.map(({ path, requestId }) => `not in the log: ${path} ${requestId}`),
    ...doubled.map((id) => `twice: ${id}`),
    ...unnamed.map(({ path }) => `without its name: ${path}`),
    ...(others.length > nameless.length ? others.map((entry) => `not the run's: ${pathOf(entry)} ${entry.requestId}`) : []),
  ];
  return problems.join('; ');
}
