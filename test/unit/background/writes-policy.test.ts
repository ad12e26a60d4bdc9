/** What an organisation says about writing into CXone, and where records are sent on to: in force at once, and never loosened by silence. */
import { beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import { eventually } from '../support/eventually.ts';
import { fakeBrowser } from '../support/fake-browser.ts';
import { boot, type Worker } from './support/boot.ts';

const { managed } = fakeBrowser.storage;
const DRAFT = {
  ...EMPTY_DRAFT,
  name: 'Acme',
  issuer: 'https://login.acme.example',
  apiBaseUrl: 'https://api.acme.example',
  clientId: 'agent-watch',
};
const AUDIT = 'https://siem.acme.example/in';
const USUAL = { enabled: true, maxRows: 5000 };

let worker: Worker;
beforeEach(async () => {
  worker = await boot();
  await worker.send('saveConnection', { draft: DRAFT, id: null }, 'options');
});

/** The browser has read the policy, or says that it changed. */
async function policy(values: Record<string, unknown>): Promise<void> {
  managed.reset();
  managed.put(values);
  await fakeBrowser.storage.onChanged.trigger({}, 'managed');
}
const shown = () => worker.send('settings', {}, 'options');
const config = async () => (await import('../../../src/background/config.ts')).loadConfig();
const save = async (over: object) => {
  const { watchedAgentIds: _, ...own } = (await shown()).settings;
  return worker.send('saveSettings', { settings: { ...own, ...over } }, 'options');
};

describe('writing', () => {
  it('is allowed where nobody says otherwise', async () => {
    expect((await config())?.writes).toEqual(USUAL);
    expect((await shown()).writes).toEqual(USUAL);
  });

  it('is the organisation’s to forbid and to bound', async () => {
    await policy({ writesEnabled: false, maxBatchSize: 20 });
    await eventually(async () => expect((await config())?.writes).toEqual({ enabled: false, maxRows: 20 }));
    expect(await shown()).toMatchObject({
      writes: { enabled: false, maxRows: 20 },
      locked: ['writesEnabled', 'maxBatchSize'],
      tenantFixed: false,
    });
  });

  it('stays forbidden when the policy is silent, late, or wrong', async () => {
    await policy({ writesEnabled: false });
    await eventually(async () => expect((await config())?.writes.enabled).toBe(false));
    // So soon after the start of the browser, an empty one is taken for slowness.
    await policy({});
    expect((await config())?.writes.enabled).toBe(false);
    worker = await boot();
    expect((await config())?.writes.enabled).toBe(false);
    for (const writesEnabled of ['true', 1, null]) {
      await policy({ writesEnabled, maxBatchSize: 7 });
      await eventually(async () => expect((await config())?.writes).toEqual({ enabled: false, maxRows: 7 }));
      expect((await shown()).refused.map(({ key }) => key)).toEqual(['writesEnabled']);
    }
    await policy({ writesEnabled: true });
    await eventually(async () => expect((await config())?.writes).toEqual(USUAL));
  });
});

describe('where records are sent on to', () => {
  it('is each person’s choice, and https', async () => {
    await save({ auditUrl: AUDIT, wfmUrl: 'https://wfm.acme.example' });
    expect((await config())?.settings).toMatchObject({ auditUrl: AUDIT, wfmUrl: 'https://wfm.acme.example' });
    for (const wrong of ['http://siem.acme.example', 'siem', 'https://a:b@siem.acme.example', 'javascript:alert(1)'])
      await expect(save({ auditUrl: wrong })).rejects.toMatchObject({ code: 'invalid' });
    expect((await config())?.settings.auditUrl).toBe(AUDIT);
  });

  it('is the organisation’s where it says so, whatever a page sends', async () => {
    await policy({ auditUrl: AUDIT, wfmUrl: 'http://wfm.acme.example' });
    await eventually(async () => expect((await config())?.settings.auditUrl).toBe(AUDIT));
    await save({ auditUrl: 'https://elsewhere.example' });
    expect(await shown()).toMatchObject({ settings: { auditUrl: AUDIT, wfmUrl: '' }, locked: ['auditUrl', 'wfmUrl'] });
  });
});
