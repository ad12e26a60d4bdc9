/** Several tenants in one browser: nothing of one is ever seen under another. */
import { EMPTY_DRAFT } from '../../src/domain/connection.ts';
import { startTenant, type Tenant } from '../tenant/tenant.ts';
import { send } from './support/diagnosis.ts';
import type { Extension } from './support/extension.ts';
import { expect, test } from './support/fixtures.ts';
import { connect, popup, signInFromPopup } from './support/flows.ts';
import { control } from './support/polling.ts';

const AGENTS = 300;
test.use({ tenantOptions: { agents: AGENTS } });

/** The same seed as the first: the same three hundred agents, with the same ids. */
const second = () => startTenant({ agents: AGENTS, frozen: true });

/** More than the popup offers to watch with one click. */
async function watchAll(extension: Extension, { sim }: Tenant): Promise<void> {
  const page = await extension.openPopup();
  await send(page, 'watch', { agentIds: sim.agents.map(({ person }) => person.id), on: true });
  await extension.untilPublished('view.glance', ({ rows }) => rows.length === AGENTS);
  await page.close();
}

async function addConnection(extension: Extension, tenant: Tenant): Promise<string> {
  const { issuer, apiBaseUrl, clientId } = tenant;
  const page = await extension.openOptions();
  const draft = { ...EMPTY_DRAFT, name: 'Second tenant', issuer, apiBaseUrl, clientId };
  const { id } = await send(page, 'saveConnection', { id: null, draft });
  await page.close();
  await signInFromPopup(extension);
  await extension.untilPublished('view.glance', ({ total, connection }) => connection?.id === id && total === AGENTS);
  await watchAll(extension, tenant);
  return id;
}

/** The alarm of a connection that is not shown. */
const ring = (extension: Extension, id: string) => extension.ringAlarm(`poll:${id}`);

test('two tenants of three hundred agents with the same ids: no state, token or alert of one is ever seen under the other', async ({
  extension,
  tenant,
}) => {
  const other = await second();
  try {
    await (await connect(extension, tenant)).close();
    await signInFromPopup(extension);
    await extension.untilPublished('view.glance', ({ total }) => total === AGENTS);
    await watchAll(extension, tenant);
    const first = (await extension.published('view.glance'))?.connection?.id ?? '';
    const added = await addConnection(extension, other);
    const bearer = ({ authorization }: { authorization: boolean }) => authorization;
    expect(tenant.log.since(0).filter(bearer).length).toBeGreaterThan(0);

    // The one that is not shown now goes on being watched.
    const alerts = async () => (await extension.published('view.others'))?.[0];
    await control(tenant, '/agents/Dana%20Ortiz', { state: 'READY' });
    await control(other, '/agents/Dana%20Ortiz', { state: 'NOT_READY', subState: 'Lunch' });
    await ring(extension, first);
    await extension.ringAlarm('poll');
    await extension.untilPublished('view.glance', ({ rows }) =>
      rows.some(({ name, reason }) => name === 'Dana Ortiz' && reason === 'Lunch'),
    );
    await control(tenant, '/agents/Dana%20Ortiz', { state: 'LOGOUT' });
    await ring(extension, first);
    await expect.poll(alerts).toMatchObject({ id: first, unseenAlerts: 1 });
    const shown = await extension.published('view.glance');
    expect(shown?.connection?.id).toBe(added);
    expect(shown?.alerts.filter(({ name }) => name === 'Dana Ortiz')).toEqual([]);
    expect(shown?.rows.find(({ name }) => name === 'Dana Ortiz')).toMatchObject({ category: 'unavailable', reason: 'Lunch' });
    await expect
      .poll(() => extension.badge())
      .toMatchObject({ text: '1!', title: expect.stringContaining('Demo tenant: new alerts: 1') });

    // Back to the first: its own states, its own alert.
    const page = await extension.openPopup();
    await send(page, 'switchConnection', { id: first });
    const back = await extension.untilPublished('view.glance', ({ connection }) => connection?.id === first);
    expect(back.alerts).toMatchObject([{ name: 'Dana Ortiz', kind: 'unexpectedLogout' }]);
    expect(back.rows.find(({ name }) => name === 'Dana Ortiz')?.category).toBe('loggedOut');
    await expect(popup.rows(page).first()).toBeVisible();

    // No request of one ever reached the other with a token that was not its own: neither tenant refused any.
    const refused = [tenant, other].flatMap(({ log }) =>
      log.since(0).filter(({ status, authorization }) => authorization && status === 401),
    );
    expect(refused).toEqual([]);

    // One goes: nothing of it stays, the other is as it was.
    const options = await extension.openOptions();
    await send(options, 'removeConnection', { id: first });
    const left = await extension.untilPublished('view.glance', ({ connection }) => connection?.id === added);
    expect(left.rows).toHaveLength(AGENTS);
    const stored = await extension.outside(
      async () => JSON.stringify([await chrome.storage.local.get(), await chrome.storage.session.get()]),
      null,
    );
    expect(stored).not.toContain(first);
  } finally {
    await other.close();
  }
});
