/** Whatever was secret in any flow is found again in the vault and in the access record, and nowhere else (fault 43). */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { database } from '../../../src/storage/database.ts';
import { logLines } from '../../../src/storage/log.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { answered, Rig } from './rig.ts';

const CANARY = 'CANARY-7f3a9c';
let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant({ agents: 2, frozen: true });
});
afterAll(() => tenant.close());
afterEach(() => tenant.faults.clear());

/** Every place that is not meant for secrets, as one text. */
async function everywhere(rig: Rig, printed: unknown[][]): Promise<string> {
  const session = Object.entries(await browser.storage.session.get(null)).filter(
    ([key]) => !/\/(access|grant|secret)$/.test(key),
  );
  const db = await database();
  const records: unknown[] = [];
  for (const store of [...db.objectStoreNames]) {
    if (store === 'keys') continue;
    for (const value of await db.getAll(store)) records.push(value);
    records.push(await db.getAllKeys(store));
  }
  const bytes = (value: unknown): unknown =>
    value instanceof ArrayBuffer || value instanceof Uint8Array ? Buffer.from(value as Uint8Array).toString('latin1') : undefined;
  return [
    JSON.stringify(session),
    JSON.stringify(await browser.storage.local.get(null)),
    JSON.stringify(records, (_key, value: unknown) => bytes(value) ?? value),
    JSON.stringify(await rig.status()),
    ...(await logLines()),
    ...rig.errors,
    JSON.stringify(printed),
    // An ID token may travel as a hint (OpenID Connect Core 3.1.2.1) and state and nonce are made to; nothing else.
    ...[...rig.launches, ...rig.logouts].map(({ url }) => {
      const shown = new URL(url);
      shown.searchParams.delete('id_token_hint');
      return shown.href;
    }),
    JSON.stringify(tenant.log.since(0)),
  ].join('\n');
}

/** Every flow there is, good and bad; `check` runs after each. */
async function everyFlow(rig: Rig, check: () => Promise<void>): Promise<void> {
  const { connection } = rig;
  const step = async (work: () => Promise<unknown>) => {
    await work();
    tenant.faults.clear();
    rig.instead = async () => null;
    await check();
  };
  const renew = async () => {
    if (await rig.access()) await rig.due();
    await rig.token();
  };
  const faulty = (fault: Record<string, unknown>) => async () => {
    tenant.faults.arm(fault);
    await renew();
  };
  const refused = (status: number, body: unknown) => async () => {
    rig.instead = async () => answered(status, body);
    await renew();
  };
  const marked = (on: string) => ({
    kind: 'tokenFields',
    on,
    times: 1,
    patch: { access_token: `${CANARY}.a.b`, refresh_token: `${CANARY}-r`, [CANARY]: CANARY, org_id: CANARY },
  });
  await step(() => rig.signedIn());
  await step(renew);
  await step(faulty({ kind: 'tokenStatus', status: 503 }));
  await step(faulty({ kind: 'tokenFields', patch: { token_type: CANARY, scope: 7 }, times: 1 }));
  await step(renew);
  await step(refused(503, `<p>${CANARY}`));
  await step(refused(400, { error: 'invalid_request', error_description: `origin ${CANARY}` }));
  await step(faulty({ kind: 'invalidGrant' }));
  await step(async () => {
    rig.auth.accessToken(connection, (await rig.access()) ?? undefined);
    await renew();
  });
  await step(faulty(marked('refresh')));
  await step(renew);
  await step(async () => {
    rig.window = async (url, interactive) => `${await rig.visit(url, interactive)}&state=${CANARY}`;
    await rig.auth.signIn(connection, true);
    rig.window = (url, interactive) => rig.visit(url, interactive);
  });
  await step(async () => {
    rig.instead = async () => answered(401, { error: 'invalid_client', error_description: CANARY });
    await rig.auth.signIn(connection, false);
  });
  await step(() => rig.auth.signIn(connection, false));
  await step(() => rig.killAt('refresh:answered', renew));
  await step(() => rig.auth.resume(connection));
  await step(() => rig.auth.signOut(connection));
}

describe.each([true, false])('kept on disk: %s', (persist) => {
  it.each(['clientCredentials', 'accessKey'] as const)('so does the secret, by %s', async (grant) => {
    const printed: unknown[][] = [];
    for (const method of ['log', 'warn', 'error', 'info', 'debug'] as const)
      vi.spyOn(console, method).mockImplementation((...line) => void printed.push(line));
    const profile = grant === 'accessKey' ? 'public' : 'v2';
    const rig = new Rig(tenant, { profile, grant, vocabulary: 'custom', scopes: ['view:agent'] });
    rig.persist = persist;
    const check = async () => {
      const found = await everywhere(rig, printed);
      for (const secret of [...rig.secrets, CANARY]) expect(found.includes(secret)).toBe(false);
    };
    const token = (nth: number) => answered(200, { access_token: `${CANARY}-a${nth}`, refresh_token: `${CANARY}-r${nth}` });
    await rig.auth.setSecret(rig.connection, { id: `${CANARY}-id`, secret: `${CANARY}-secret` });
    for (const answer of [answered(503, CANARY), answered(401, { error: CANARY, error_description: CANARY }), token(1)]) {
      rig.instead = async () => answer;
      await rig.auth.signIn(rig.connection, false);
      await check();
    }
    for (const answer of [token(2), answered(429, { error: CANARY }), answered(401, { message: CANARY })]) {
      rig.instead = async () => answer;
      if (await rig.access()) await rig.due();
      await rig.token();
      await check();
    }
    await rig.auth.signOut(rig.connection);
    await check();
    const left = JSON.stringify([await browser.storage.session.get(null), await browser.storage.local.get(null)]);
    expect(left).not.toContain(CANARY);
    expect(await rig.secretStore().read()).toBe('absent');
  });

  it('secrets stay where they belong in every flow', async () => {
    tenant.log.clear();
    const printed: unknown[][] = [];
    for (const method of ['log', 'warn', 'error', 'info', 'debug'] as const)
      vi.spyOn(console, method).mockImplementation((...line) => void printed.push(line));
    const rig = new Rig(tenant);
    rig.persist = persist;
    await everyFlow(rig, async () => {
      const found = await everywhere(rig, printed);
      for (const secret of [...rig.secrets, CANARY])
        expect(found.includes(secret), `a secret of ${secret.length} characters`).toBe(false);
    });
    expect(rig.secrets.size).toBeGreaterThan(15);
    const left = JSON.stringify([await browser.storage.session.get(null), await browser.storage.local.get(null)]);
    for (const secret of rig.secrets) expect(left.includes(secret)).toBe(false);
    expect(await rig.vault().read()).toBe('absent');
  });
});

it('writes down no word of the provider that is not in the standard', async () => {
  const rig = await new Rig(tenant).signedIn();
  rig.instead = async () => answered(400, { error: `${CANARY} ${'x'.repeat(40)}`, error_description: CANARY });
  await rig.due();
  await rig.token();
  expect((await logLines()).join('\n')).not.toContain(CANARY);
});
