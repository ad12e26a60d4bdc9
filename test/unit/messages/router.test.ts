import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod/mini';
import { handlers as realHandlers } from '../../../src/background/handlers.ts';
import { createRouter, type Handlers, Refusal } from '../../../src/background/router.ts';
import { EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';
import { emptyHead } from '../../../src/domain/skills/audit-chain.ts';
import { MESSAGES, type MessageType, PAGES, type Page } from '../../../src/messages/contract.ts';
import { EXTENSION_ID, fakeBrowser } from '../support/fake-browser.ts';
import { runs } from '../support/runs.ts';

const VERSION = fakeBrowser.runtime.getManifest().version;
const TYPES = Object.keys(MESSAGES) as MessageType[];
const pageUrl = (page: string) => `chrome-extension://${EXTENSION_ID}/src/pages/${page}/index.html`;
const from = (page: string) => ({ id: EXTENSION_ID, url: pageUrl(page) });

/** What each handler answers when all is well. */
const REPLIES: { [T in MessageType]?: unknown } = {
  poll: { asked: true },
  search: { agents: [], total: 0 },
  agent: { agent: null, transitions: [] },
  desk: { reasons: [], teams: [], seen: [] },
  figures: { supported: true, figures: null, atMs: 0, problem: null },
  activity: { supported: true, skills: [], atMs: 0, problem: 'forbidden' },
  loadHistory: { loadId: 'l' },
  history: { agents: [], skewMs: 0 },
  settings: {
    connection: null,
    blank: EMPTY_DRAFT,
    connections: [],
    settings: DEFAULT_SETTINGS,
    locked: [],
    redirectUri: 'https://x',
    extensionId: EXTENSION_ID,
    version: VERSION,
    names: {},
    grants: null,
    secretKept: false,
    foundApi: '',
    tenantFixed: false,
    writes: { enabled: true, maxRows: 5000 },
    refused: [],
  },
  saveConnection: { id: 'c' },
  diagnose: { runId: 'r' },
  diagnoses: { runs: [] },
  log: { lines: [] },
  batches: { batches: [] },
  undoOf: { rows: [] },
  batchRows: { rows: [], total: 0, damaged: 0 },
  assignments: { skills: [], assignments: [], unread: [], problem: null },
  audit: { entries: [], total: 0, head: emptyHead() },
  verifyAudit: { count: 0, brokenSeq: 0 },
};
const calls = vi.fn();
const spied = Object.fromEntries(
  TYPES.map((type) => [
    type,
    async (request: unknown) => {
      calls(type, request);
      return REPLIES[type];
    },
  ]),
) as unknown as Handlers;
const route = createRouter(spied, Promise.resolve()) as unknown as (
  message: unknown,
  sender: object,
) => Promise<unknown> | undefined;
afterEach(() => calls.mockClear());

const SETTINGS = (({ watchedAgentIds: _own, ...rest }) => rest)(DEFAULT_SETTINGS);
const GOOD: { [T in MessageType]: unknown } = {
  poll: {},
  publish: {},
  signIn: {},
  cancelSignIn: {},
  signOut: {},
  search: { query: 'dana', offset: 0, limit: 50 },
  agent: { agentId: 'a' },
  watch: { agentIds: ['a'], on: true },
  snooze: { agentId: null, untilMs: 1 },
  diagnose: { agentIds: ['a'] },
  cancelDiagnosis: {},
  diagnoses: {},
  activity: {},
  desk: {},
  figures: { agentId: 'a' },
  loadHistory: { agentIds: ['a'], fromMs: 0, toMs: 1 },
  cancelHistory: {},
  history: { agentIds: ['a'], fromMs: 0, toMs: 1 },
  useCapability: { capability: 'history', on: true },
  forgetHistory: {},
  batches: {},
  planBatch: { id: 'b', name: '', rows: [{ line: 2, userId: 'u', skillId: 's', held: null }] },
  undoOf: { batchId: 'b' },
  batchRows: { batchId: 'b', diffs: ['new'], states: [], offset: 0, limit: 50 },
  suggestLevels: { batchId: 'b' },
  changeRows: { batchId: 'b', rows: [{ index: 0, held: { level: 3, availableFromAt: '', availableToAt: '', active: true } }] },
  runBatch: { batchId: 'b', rows: 1 },
  pauseBatch: { batchId: 'b' },
  cancelBatch: { batchId: 'b' },
  dropBatch: { batchId: 'b' },
  decideRows: { batchId: 'b', rows: [0], keep: 'ours' },
  assignments: { userIds: ['u'] },
  audit: { contains: '', offset: 0, limit: 50 },
  verifyAudit: {},
  deliverBatch: { batchId: 'b' },
  alertsSeen: {},
  settings: {},
  switchConnection: { id: 'c' },
  removeConnection: { id: 'c' },
  setSecret: { id: 'c', secret: 's' },
  saveConnection: {
    id: null,
    draft: {
      name: 'n',
      profile: 'v2',
      issuer: 'https://i',
      authorizationEndpoint: '',
      tokenEndpoint: '',
      apiBaseUrl: 'https://a',
      apiPrefix: '/api/v2',
      clientId: 'c',
      tenantId: '',
      vocabulary: 'view',
      scopes: [],
      capabilities: ['watch'],
    },
  },
  saveSettings: { settings: SETTINGS },
  testConnection: {},
  hostAccessChanged: {},
  erase: {},
  log: {},
};

describe('the contract', () => {
  it('has a handler for each message, and no handler without one', () => {
    expect(Object.keys(realHandlers).sort()).toEqual([...TYPES].sort());
  });

  it.each(TYPES)('%s is answered to the pages it is for, and to no other', async (type) => {
    for (const page of PAGES) {
      calls.mockClear();
      const answer = route({ type, version: VERSION, request: GOOD[type] }, from(page));
      if ((MESSAGES[type].from as readonly Page[]).includes(page)) {
        expect(await answer).toEqual({ ok: true, value: REPLIES[type] });
        expect(calls).toHaveBeenCalledTimes(1);
      } else {
        expect(answer).toBeUndefined();
        expect(calls).not.toHaveBeenCalled();
      }
    }
  });

  it.each([
    'erase',
    'saveConnection',
    'removeConnection',
    'saveSettings',
    'setSecret',
    'testConnection',
    'log',
    'settings',
  ] as const)('%s is the options page’s alone', (type) => {
    expect(MESSAGES[type].from).toEqual(['options']);
  });

  it('writes into the tenant at the console’s word alone', () => {
    const writing = TYPES.filter((type) => /Batch|Rows|suggest|undo|assignments|audit/i.test(type));
    expect(writing).toHaveLength(15);
    for (const type of writing) expect(MESSAGES[type].from).toEqual(['console']);
  });
});

describe('the router', () => {
  it('hands on nothing but what the schema knows', async () => {
    await route({ type: 'agent', version: VERSION, request: { agentId: 'a', more: 1 } }, from('popup'));
    expect(calls).toHaveBeenCalledWith('agent', { agentId: 'a' });
  });

  it('says that a page is of another version, and does nothing', async () => {
    expect(await route({ type: 'erase', version: '0.0.1', request: {} }, from('options'))).toMatchObject({
      ok: false,
      error: { code: 'versionMismatch', message: expect.stringMatching(/.{10}/) },
    });
    expect(calls).not.toHaveBeenCalled();
  });

  it('answers in words, never with what was thrown', async () => {
    const failing = createRouter(
      {
        ...spied,
        poll: () => Promise.reject(new Error('secret in a stack')),
        signIn: () => Promise.reject(new Refusal('noConnection', 'error_noConnection')),
        log: async () => ({ lines: 7 }) as never,
      },
      Promise.resolve(),
    ) as unknown as typeof route;
    const sent = (type: string) => failing({ type, version: VERSION, request: {} }, from('options'));
    expect(await sent('poll')).toMatchObject({ ok: false, error: { code: 'failed' } });
    expect(JSON.stringify(await sent('poll'))).not.toContain('secret');
    expect(await sent('signIn')).toMatchObject({
      ok: false,
      error: { code: 'noConnection', message: expect.stringMatching(/connection/) },
    });
    // A reply that is not what the contract says.
    expect(await sent('log')).toMatchObject({ ok: false, error: { code: 'failed' } });
  });

  it('waits for the start, and answers in words when that failed', async () => {
    let started: () => void = () => {};
    const waiting = createRouter(spied, new Promise<void>((resolve) => (started = resolve))) as unknown as typeof route;
    const answer = waiting({ type: 'poll', version: VERSION, request: {} }, from('popup'));
    await Promise.resolve();
    expect(calls).not.toHaveBeenCalled();
    started();
    expect(await answer).toMatchObject({ ok: true });
    const broken = createRouter(spied, Promise.reject(new Error('no database'))) as unknown as typeof route;
    await expect(broken({ type: 'poll', version: VERSION, request: {} }, from('popup'))).resolves.toMatchObject({ ok: false });
  });
});

describe('anything else', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom(...TYPES, 'constructor', '__proto__', 'toString', 'hasOwnProperty'));
  const anything = fc.oneof(fc.anything({ maxDepth: 2 }), fc.constantFrom<unknown>(null, undefined, '', 0, [], {}));
  const badSender = fc.oneof(
    fc.record({ id: fc.constantFrom('', 'abcdefghijklmnopabcdefghijklmnop'), url: fc.constantFrom(...PAGES.map(pageUrl)) }),
    fc.record({
      id: fc.constant(EXTENSION_ID),
      url: fc.oneof(
        fc.string(),
        fc.constantFrom(
          '',
          'https://evil.example/src/pages/options/index.html',
          `${pageUrl('options')}x`,
          `https://evil.example/?${pageUrl('options')}`,
          `${pageUrl('options').replace('options', 'options/..')}`,
          pageUrl('constructor'),
          pageUrl('options').toUpperCase(),
        ),
      ),
    }),
    fc.record({ id: fc.constant(EXTENSION_ID) }),
    fc.constant({}),
  );
  const goodMessage = fc.constantFrom(...TYPES).map((type) => ({ type, version: VERSION, request: GOOD[type] }));

  it('has no effect: wrong sender', async () => {
    fc.assert(
      fc.property(fc.oneof(goodMessage, anything), badSender, (message, sender) => {
        expect(route(message, sender)).toBeUndefined();
      }),
      runs(5000),
    );
    await Promise.resolve();
    expect(calls).not.toHaveBeenCalled();
  }, 60_000);

  it('has no effect: wrong shape, type, version or request', async () => {
    // A request is wrong when the schema says so: asked here of the schema itself, not of the router.
    const wrongRequest = fc
      .tuple(fc.constantFrom(...TYPES), anything)
      .filter(([type, request]) => !z.safeParse(MESSAGES[type].request() as z.ZodMiniType, request).success);
    const message = fc.oneof(
      anything,
      fc.record({ type: text, version: fc.oneof(fc.string(), fc.constant(VERSION)) }, { requiredKeys: [] }),
      fc.record({
        type: text.filter((type) => !(TYPES as string[]).includes(type)),
        version: fc.constant(VERSION),
        request: anything,
      }),
      fc.record({
        type: fc.constantFrom(...TYPES),
        version: fc.string().filter((value) => value !== VERSION),
        request: fc.constant({}),
      }),
      wrongRequest.map(([type, request]) => ({ type, version: VERSION, request })),
    );
    await fc.assert(
      fc.asyncProperty(message, fc.constantFrom(...PAGES), async (sent, page) => {
        const answer = (await route(sent, from(page))) as { ok: boolean; error?: { code: string } } | undefined;
        if (answer !== undefined)
          expect([answer.ok, answer.error?.code]).toEqual([false, expect.stringMatching(/^(invalid|versionMismatch)$/)]);
      }),
      runs(10_000),
    );
    expect(calls).not.toHaveBeenCalled();
    expect(Object.keys(Object.prototype)).toEqual([]);
  }, 60_000);
});
