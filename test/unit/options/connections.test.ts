import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Connection, EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/domain/settings.ts';
import { eventually } from '../support/eventually.ts';
import { fake, fakeBrowser } from '../support/fake-browser.ts';

interface Envelope {
  type: string;
  request: Record<string, unknown>;
}

const acme: Connection = {
  ...EMPTY_DRAFT,
  id: 'acme',
  name: 'Acme',
  issuer: 'https://login.acme.example',
  apiBaseUrl: 'https://api.acme.example',
  clientId: 'agent-watch',
};
const bolt: Connection = { ...acme, id: 'bolt', name: 'Bolt', issuer: 'https://login.bolt.example' };

/** The worker, as far as this page knows it. */
let worker: { shown: string | null; list: Connection[]; settings: Record<string, Settings>; locked: string[] };
let sent: Envelope[];
/** Answers that come late, by type. */
let delays: Record<string, Promise<unknown>>;
let refused: string[];
let found: string;

function answer({ type, request }: Envelope): unknown {
  const shown = worker.list.find(({ id }) => id === worker.shown) ?? null;
  const settingsOf = (id: string | null) => worker.settings[id ?? ''] ?? DEFAULT_SETTINGS;
  switch (type) {
    case 'settings':
      return {
        connection: shown,
        blank: EMPTY_DRAFT,
        connections: worker.list.map(({ id, name }) => ({ id, name })),
        settings: settingsOf(worker.shown),
        locked: worker.locked,
        redirectUri: '',
        extensionId: '',
        version: '',
        names: {},
        grants: null,
        secretKept: false,
        foundApi: found,
        tenantFixed: false,
        writes: { enabled: true, maxRows: 5000 },
        refused: [],
      };
    case 'switchConnection':
      worker.shown = request.id as string;
      return undefined;
    case 'removeConnection':
      worker.list = worker.list.filter(({ id }) => id !== request.id);
      worker.shown = worker.list[0]?.id ?? null;
      return undefined;
    case 'saveConnection': {
      const id = (request.id as string | null) ?? 'new';
      const saved = { ...(request.draft as Connection), id };
      worker.list = [...worker.list.filter((other) => other.id !== id), saved];
      worker.shown = id;
      return { id };
    }
    case 'saveSettings': {
      const id = (request.id as string | undefined) ?? worker.shown ?? '';
      worker.settings[id] = { ...settingsOf(id), ...(request.settings as Settings) };
      return undefined;
    }
    case 'watch': {
      const before = settingsOf(worker.shown);
      const ids = request.agentIds as string[];
      const rest = before.watchedAgentIds.filter((id) => !ids.includes(id));
      worker.settings[worker.shown ?? ''] = { ...before, watchedAgentIds: request.on ? [...rest, ...ids] : rest };
      return undefined;
    }
    default:
      return undefined;
  }
}

const stored = new Map<string, string>();

/** The modules as a page that was just opened has them. */
async function open() {
  vi.resetModules();
  const form = await import('../../../src/pages/options/state/connection-form.ts');
  const load = await import('../../../src/pages/options/state/load.ts');
  const switching = await import('../../../src/pages/options/state/switching.ts');
  const autosave = await import('../../../src/pages/options/state/autosave.ts');
  const files = await import('../../../src/pages/options/state/config-import.ts');
  const { connections } = await import('../../../src/pages/options/state/connections.ts');
  const { glance } = await import('../../../src/pages/parts/store.ts');
  await load.load();
  load.followWorker();
  return { ...form, ...load, ...switching, ...autosave, ...files, connections, glance };
}
const types = () => sent.map(({ type }) => type).filter((type) => type !== 'settings');

beforeEach(() => {
  worker = { shown: 'acme', list: [acme, bolt], settings: {}, locked: [] };
  sent = [];
  delays = {};
  refused = [];
  found = '';
  stored.clear();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  });
  vi.stubGlobal('document', { getElementById: () => null });
  fakeBrowser.runtime.onMessage.addListener(async (message: unknown) => {
    const envelope = message as Envelope;
    sent.push(envelope);
    if (refused.includes(envelope.type)) return { ok: false, error: { code: 'failed', message: 'No.' } };
    const value = answer(envelope);
    await delays[envelope.type];
    return { ok: true, value };
  });
});

describe('several connections', () => {
  it('each has its own draft, also after a reload', async () => {
    const page = await open();
    page.change({ tenantId: 'typed-for-acme' });
    await page.showConnection('bolt');
    expect(page.draft.value).toMatchObject({ name: 'Bolt', tenantId: '' });
    expect(page.dirty.value).toBe(false);
    page.change({ tenantId: 'typed-for-bolt' });
    await page.showConnection('acme');
    expect(page.draft.value).toMatchObject({ name: 'Acme', tenantId: 'typed-for-acme' });

    const again = await open();
    expect(again.draft.value).toMatchObject({ name: 'Acme', tenantId: 'typed-for-acme' });
    await again.showConnection('bolt');
    expect(again.draft.value).toMatchObject({ name: 'Bolt', tenantId: 'typed-for-bolt' });
    again.discard();
    expect(JSON.parse(stored.get('connectionDrafts') ?? '{}')).toEqual({ acme: expect.anything() });
  });

  it('a setting changed a moment ago is saved with the connection it was changed for, before another is shown', async () => {
    const page = await open();
    page.changeSettings({ pollSeconds: 90 });
    await page.showConnection('bolt');
    expect(types()).toEqual(['saveSettings', 'switchConnection']);
    expect(sent.find(({ type }) => type === 'saveSettings')?.request).toMatchObject({ id: 'acme' });
    expect(page.settings.value.pollSeconds).toBe(30);
    expect([worker.settings.acme?.pollSeconds, worker.settings.bolt]).toEqual([90, undefined]);
  });

  it('also when it was the popup that switched', async () => {
    const page = await open();
    page.changeSettings({ pollSeconds: 90 });
    worker.shown = 'bolt';
    page.glance.value = { connection: { id: 'bolt', name: 'Bolt', hosts: [] } } as unknown as NonNullable<
      typeof page.glance.value
    >;
    await eventually(() => expect(page.draft.value.name).toBe('Bolt'));
    expect(page.settings.value.pollSeconds).toBe(30);
    expect([worker.settings.acme?.pollSeconds, worker.settings.bolt]).toEqual([90, undefined]);
  });

  it('a setting that cannot be saved keeps its connection on screen', async () => {
    const page = await open();
    refused = ['saveSettings'];
    page.changeSettings({ pollSeconds: 90 });
    await page.showConnection('bolt');
    expect(types()).toEqual(['saveSettings']);
    expect(page.saveState.value.kind).toBe('failed');
    expect(page.draft.value.name).toBe('Acme');
  });

  it('an answer overtaken by a newer one is not shown', async () => {
    const page = await open();
    let let1: () => void = () => undefined;
    delays.settings = new Promise<void>((resolve) => {
      let1 = resolve;
    });
    const slow = page.takeAll();
    await eventually(() => expect(sent.filter(({ type }) => type === 'settings')).toHaveLength(2));
    delays = {};
    worker.shown = 'bolt';
    await page.takeAll();
    let1();
    await slow;
    expect(page.draft.value.name).toBe('Bolt');
  });

  it('what is removed takes its draft and its pending settings along', async () => {
    const page = await open();
    page.change({ tenantId: 'typed' });
    page.changeSettings({ pollSeconds: 90 });
    expect(await page.removeConnection('acme')).toBe(true);
    expect(types()).toEqual(['removeConnection']);
    expect(page.draft.value).toMatchObject({ name: 'Bolt', tenantId: '' });
    expect(page.connections.value).toEqual([{ id: 'bolt', name: 'Bolt' }]);
    expect(stored.size).toBe(0);
  });
});

describe('hosts of a connection whose API is found', () => {
  const ofPublic = { ...acme, profile: 'public' as const, issuer: 'https://cxone.niceincontact.com', apiBaseUrl: '' };

  it('the cloud is asked for until the API is known, and after that no more than what is needed', async () => {
    worker.list = [ofPublic];
    const page = await open();
    await page.saveAndAsk()?.asked;
    expect(fake.permissionRequests.at(-1)?.origins).toContain('https://*.niceincontact.com/*');
    found = 'https://api-na1.niceincontact.com';
    await page.takeAll();
    page.glance.value = {
      connection: { id: 'acme', name: 'Acme', hosts: [ofPublic.issuer, found] },
    } as unknown as NonNullable<typeof page.glance.value>;
    await page.saveAndAsk()?.asked;
    expect(fake.permissionRequests.at(-1)).toEqual({
      origins: ['https://cxone.niceincontact.com/*', 'https://api-na1.niceincontact.com/*'],
    });
  });
});

describe('adding another', () => {
  const third = {
    ...EMPTY_DRAFT,
    name: 'Third',
    issuer: 'https://login.third.example',
    apiBaseUrl: 'https://a.example',
    clientId: 'c',
  };

  it('news do not take the form away, and saving shows it', async () => {
    const page = await open();
    page.addConnection();
    expect(page.draft.value).toEqual(EMPTY_DRAFT);
    page.change(third);
    await page.takeAll();
    expect([page.adding.value, page.draft.value.name]).toEqual([true, 'Third']);
    expect(await page.saveAndAsk()?.saved).toBe(true);
    expect(sent.find(({ type }) => type === 'saveConnection')?.request.id).toBeNull();
    expect([page.adding.value, page.connectionId.value]).toEqual([false, 'new']);
    await eventually(() => expect(page.connections.value.map(({ name }) => name)).toEqual(['Acme', 'Bolt', 'Third']));
    expect(stored.size).toBe(0);
  });

  it('going back keeps what was typed for the next time', async () => {
    const page = await open();
    page.addConnection();
    page.change(third);
    await page.showConnection('acme');
    expect([page.adding.value, page.draft.value.name, types()]).toEqual([false, 'Acme', ['switchConnection']]);
    page.addConnection();
    expect(page.draft.value.name).toBe('Third');
  });
});

describe('import', () => {
  const file = { clientId: 'other', pollSeconds: 60, watchedAgentIds: ['b', 'c'], issuer: 'https://login.new.example' };

  it('takes over what was shown, and asks Chrome for the new host in the same turn', async () => {
    worker.settings.acme = { ...DEFAULT_SETTINGS, watchedAgentIds: ['a', 'b'] };
    const page = await open();
    page.importText.value = JSON.stringify(file);
    const { value } = page.planned;
    expect(value.kind === 'plan' && value.plan.changes.map(({ key }) => key)).toEqual([
      'issuer',
      'clientId',
      'watchedAgentIds',
      'pollSeconds',
    ]);
    const done = page.applyImport();
    expect(fake.permissionRequests).toEqual([{ origins: ['https://login.new.example/*', 'https://api.acme.example/*'] }]);
    await done;
    expect(worker.list.find(({ id }) => id === 'acme')).toMatchObject({ clientId: 'other', issuer: 'https://login.new.example' });
    expect(worker.settings.acme).toMatchObject({ pollSeconds: 60, watchedAgentIds: ['b', 'c'] });
    expect(page.importText.value).toBe('');
  });

  it('leaves alone what the organisation sets', async () => {
    worker.locked = ['issuer', 'watchedAgentIds', 'pollSeconds'];
    const page = await open();
    page.importText.value = JSON.stringify(file);
    await page.applyImport();
    expect(types().sort()).toEqual(['hostAccessChanged', 'saveConnection']);
    expect(worker.list.find(({ id }) => id === 'acme')).toMatchObject({ clientId: 'other', issuer: acme.issuer });
  });

  it('sends nothing while a field is wrong', async () => {
    const page = await open();
    page.importText.value = JSON.stringify({ ...file, apiBaseUrl: 'https://na1.nice-incontact.com' });
    await page.applyImport();
    expect([types(), page.importStuck.value]).toEqual([[], true]);
    expect(page.noteOf('apiBaseUrl')).toMatchObject({ wrong: true, suggestion: 'https://api-na1.niceincontact.com' });
  });

  it('makes a new connection while one is being added, with settings of its own', async () => {
    const page = await open();
    page.addConnection();
    page.importText.value = JSON.stringify({ ...file, apiBaseUrl: 'https://api.new.example', watchedAgentIds: ['x'] });
    await page.applyImport();
    expect(worker.list.map(({ name }) => name)).toEqual(['Acme', 'Bolt', 'api.new.example']);
    expect(worker.settings).toEqual({ new: { ...DEFAULT_SETTINGS, pollSeconds: 60, watchedAgentIds: ['x'] } });
  });
});
