import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Connection, EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';
import { isUpsideDown, isUsual, THRESHOLDS } from '../../../src/pages/options/logic/level-rule.ts';
import { eventually } from '../support/eventually.ts';
import { fake, fakeBrowser } from '../support/fake-browser.ts';

const { levelRule } = DEFAULT_SETTINGS;
const AUDIT = 'https://siem.acme.example:8443/in?source=cxone';
const ORIGIN = 'https://siem.acme.example:8443';
const SAVED: Connection = {
  ...EMPTY_DRAFT,
  id: 'c1',
  name: 'Acme',
  issuer: 'https://login.acme.example',
  apiBaseUrl: 'https://api.acme.example',
  clientId: 'agent-watch',
};

interface Envelope {
  type: string;
  request: Record<string, unknown>;
}
let sent: Envelope[];
let shown: Connection;
let refusal: { code: string; message: string } | null;

beforeEach(() => {
  vi.resetModules();
  sent = [];
  shown = SAVED;
  refusal = null;
  vi.stubGlobal('sessionStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
  vi.stubGlobal('document', { getElementById: () => null });
  fakeBrowser.runtime.onMessage.addListener(async (message: unknown) => {
    const envelope = message as Envelope;
    sent.push(envelope);
    if (envelope.type === 'useCapability' && refusal) return { ok: false, error: refusal };
    if (envelope.type === 'useCapability') shown = { ...shown, capabilities: ['watch', 'skills'] };
    if (envelope.type !== 'settings') return { ok: true, value: undefined };
    const value = {
      connection: shown,
      blank: EMPTY_DRAFT,
      connections: [{ id: shown.id, name: shown.name }],
      settings: { ...DEFAULT_SETTINGS, auditUrl: AUDIT },
      locked: [],
      redirectUri: '',
      extensionId: '',
      version: '',
      names: {},
      grants: null,
      secretKept: false,
      foundApi: '',
      tenantFixed: false,
      writes: { enabled: false, maxRows: 20 },
      refused: [],
    };
    return { ok: true, value };
  });
});

const types = () => sent.map(({ type }) => type);

describe('the thresholds of the suggested level', () => {
  it('are whole per cent of what is stored, and the usual ones are seed 003’s', () => {
    expect(THRESHOLDS.map(({ get }) => get(levelRule))).toEqual([85, 75, 70, 60, 55]);
    for (const { get, set } of THRESHOLDS)
      for (const value of [0, 29, 57, 58, 100]) {
        const changed = set(levelRule, value);
        expect(get(changed)).toBe(value);
        expect(THRESHOLDS.filter((other) => other.get(changed) !== other.get(levelRule))).toHaveLength(1);
      }
    expect(isUsual(levelRule)).toBe(true);
    expect(isUsual({ ...levelRule, none: 2 })).toBe(false);
    expect(isUsual({ ...levelRule, three: { efficiency: 0.5 } })).toBe(false);
  });

  it('stand in order', () => {
    const { five, four, three } = levelRule;
    expect(isUpsideDown(levelRule)).toBe(false);
    expect(isUpsideDown({ ...levelRule, five: { ...five, efficiency: four.efficiency - 0.01 } })).toBe(true);
    expect(isUpsideDown({ ...levelRule, five: { ...five, resolution: four.resolution - 0.01 } })).toBe(true);
    expect(isUpsideDown({ ...levelRule, four: { ...four, efficiency: three.efficiency - 0.01 } })).toBe(true);
  });
});

describe('where records are sent on to', () => {
  const open = async () => {
    const endpoints = await import('../../../src/pages/options/state/endpoints.ts');
    const { takeSettings } = await import('../../../src/pages/options/state/autosave.ts');
    takeSettings({ ...DEFAULT_SETTINGS, auditUrl: AUDIT, wfmUrl: 'https://wfm.acme.example/x' });
    return endpoints;
  };

  it.each([
    [AUDIT, ORIGIN],
    ['', ''],
    ['http://siem.acme.example', ''],
    ['https://a:b@siem.acme.example', ''],
    ['siem', ''],
  ])('%s is asked for by its origin', async (address, origin) => {
    expect((await open()).originOf(address)).toBe(origin);
  });

  it('Chrome is asked in the click for exactly this origin, and the worker is told', async () => {
    const { allowedOrigins, askForOrigin, followEndpoints } = await open();
    const end = followEndpoints();
    await eventually(() => expect(allowedOrigins.value.size).toBe(0));
    askForOrigin(ORIGIN);
    expect(fake.permissionRequests).toEqual([{ origins: [`${ORIGIN}/*`] }]);
    await eventually(() => expect([...allowedOrigins.value]).toEqual([ORIGIN]));
    await eventually(() => expect(types()).toEqual(['hostAccessChanged']));
    end();
  });

  it('a refusal leaves it not allowed', async () => {
    fake.grantAnswer = false;
    const { allowedOrigins, askForOrigin } = await open();
    const { hostsAsked } = await import('../../../src/pages/options/state/host-access.ts');
    askForOrigin(ORIGIN);
    expect(hostsAsked.value).toBe(true);
    await eventually(() => expect(hostsAsked.value).toBe(false));
    expect(allowedOrigins.value.has(ORIGIN)).toBe(false);
  });

  it('what Chrome’s own settings give or take is seen', async () => {
    const { allowedOrigins, followEndpoints } = await open();
    const end = followEndpoints();
    fake.granted.add(`${ORIGIN}/*`);
    await fakeBrowser.permissions.onAdded.trigger({ origins: [`${ORIGIN}/*`] });
    await eventually(() => expect(allowedOrigins.value.has(ORIGIN)).toBe(true));
    fake.granted.delete(`${ORIGIN}/*`);
    await fakeBrowser.permissions.onRemoved.trigger({ origins: [`${ORIGIN}/*`] });
    await eventually(() => expect(allowedOrigins.value.has(ORIGIN)).toBe(false));
    end();
    fake.granted.add(`${ORIGIN}/*`);
    await fakeBrowser.permissions.onAdded.trigger({ origins: [`${ORIGIN}/*`] });
    expect(allowedOrigins.value.has(ORIGIN)).toBe(false);
  });
});

describe('what the connection is used for', () => {
  const open = async () => {
    const uses = await import('../../../src/pages/options/state/uses.ts');
    const load = await import('../../../src/pages/options/state/load.ts');
    const form = await import('../../../src/pages/options/state/connection-form.ts');
    const connections = await import('../../../src/pages/options/state/connections.ts');
    await load.takeAll();
    sent = [];
    return { ...uses, ...load, ...form, ...connections };
  };

  it('is switched by the worker, once, with the hosts asked for in the click; then the page shows it', async () => {
    const { use, switching, saved, dirty, skillsShown } = await open();
    const one = use('skills', true);
    expect(fake.permissionRequests).toHaveLength(1);
    await use('skills', true);
    await one;
    expect(types()).toEqual(['useCapability', 'settings']);
    expect(sent[0]?.request).toEqual({ capability: 'skills', on: true });
    expect(switching.value).toBeNull();
    expect(saved.value.capabilities).toEqual(['watch', 'skills']);
    expect([dirty.value, skillsShown.value]).toEqual([false, true]);
  });

  it('off asks Chrome for nothing; a refusal leaves everything as it was', async () => {
    const { use, switching, saved } = await open();
    refusal = { code: 'invalid', message: 'Your organisation has decided.' };
    await use('skills', false);
    expect(fake.permissionRequests).toEqual([]);
    expect(types()).toEqual(['useCapability']);
    expect([switching.value, saved.value.capabilities]).toEqual([null, ['watch']]);
  });

  it('is not taken back by what is typed meanwhile', async () => {
    const { takeAll, change, draft, dirty } = await open();
    change({ name: 'Typed' });
    shown = { ...SAVED, capabilities: ['watch', 'skills'] };
    await takeAll();
    expect(draft.value).toMatchObject({ name: 'Typed', capabilities: ['watch', 'skills'] });
    expect(dirty.value).toBe(true);
  });

  it('the page knows what the organisation allows, and shows the card also where records are sent on', async () => {
    const { writes, skillsShown } = await open();
    expect(writes.value).toEqual({ enabled: false, maxRows: 20 });
    expect(skillsShown.value).toBe(true);
    const { takeSettings } = await import('../../../src/pages/options/state/autosave.ts');
    takeSettings(DEFAULT_SETTINGS, 'c1');
    expect(skillsShown.value).toBe(false);
  });

  it('is looked at again when the window for its scopes has closed', async () => {
    const { followWorker, loadState } = await open();
    const { auth } = await import('../../../src/pages/parts/store.ts');
    const { SIGNED_OUT } = await import('../../../src/domain/auth-status.ts');
    loadState.value = { kind: 'ready' };
    followWorker();
    auth.value = { ...SIGNED_OUT, phase: 'signingIn' };
    expect(types()).toEqual([]);
    auth.value = { ...SIGNED_OUT, phase: 'signedIn' };
    await eventually(() => expect(types()).toEqual(['settings']));
  });
});
