import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/domain/settings.ts';
import { fakeBrowser } from '../support/fake-browser.ts';

/** Who is watched is not among what this page saves. */
type Envelope = { type: string; request: { settings?: Omit<Settings, 'watchedAgentIds'> } };

let stored: Settings;
let refusal: { code: string; message: string } | null;
let saves: number;

async function open() {
  vi.resetModules();
  const autosave = await import('../../../src/pages/options/state/autosave.ts');
  autosave.takeSettings(stored);
  return autosave;
}

beforeEach(() => {
  stored = { ...DEFAULT_SETTINGS, watchedAgentIds: ['a'] };
  refusal = null;
  saves = 0;
  fakeBrowser.runtime.onMessage.addListener(async (message: unknown) => {
    const { type, request } = message as Envelope;
    expect(type).toBe('saveSettings');
    saves += 1;
    if (refusal) return { ok: false, error: refusal };
    if (request.settings) {
      expect(request.settings).not.toHaveProperty('watchedAgentIds');
      stored = { ...stored, ...request.settings };
    }
    return { ok: true, value: undefined };
  });
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

describe('settings save themselves', () => {
  it('once for several quick changes', async () => {
    const { changeSettings, saveState } = await open();
    changeSettings({ pollSeconds: 60 });
    changeSettings({ pollSeconds: 61, retentionDays: 7 });
    expect(saveState.value.kind).toBe('saving');
    await vi.advanceTimersByTimeAsync(500);
    expect(saves).toBe(1);
    expect(stored).toMatchObject({ pollSeconds: 61, retentionDays: 7 });
    expect(saveState.value.kind).toBe('saved');
  });

  it('without undoing what the popup did meanwhile', async () => {
    const { changeSettings } = await open();
    stored = { ...stored, watchedAgentIds: ['a', 'from the popup'] };
    changeSettings({ pollSeconds: 60 });
    await vi.advanceTimersByTimeAsync(500);
    expect(stored).toMatchObject({ pollSeconds: 60, watchedAgentIds: ['a', 'from the popup'] });
  });

  it('says what went wrong, keeps the change, and saves it when asked again', async () => {
    const { changeSettings, hasUnsaved, saveNow, saveState, settings, takeSettings } = await open();
    refusal = { code: 'failed', message: 'Storage is full.' };
    changeSettings({ pollSeconds: 60 });
    await vi.advanceTimersByTimeAsync(500);
    expect(saveState.value).toEqual({ kind: 'failed', message: 'Storage is full.' });
    expect(hasUnsaved()).toBe(true);
    // What is read from the worker now is older than what is on screen.
    takeSettings({ ...DEFAULT_SETTINGS, watchedAgentIds: ['b'] });
    expect(settings.value).toMatchObject({ pollSeconds: 60, watchedAgentIds: ['b'] });
    refusal = null;
    await saveNow();
    expect(stored.pollSeconds).toBe(60);
    expect(saveState.value.kind).toBe('saved');
  });

  it('does not say "Saved" of an older change', async () => {
    const { changeSettings, saveNow, saveState } = await open();
    changeSettings({ pollSeconds: 60 });
    const first = saveNow();
    changeSettings({ pollSeconds: 90 });
    await first;
    expect(saveState.value.kind).toBe('saving');
    await vi.advanceTimersByTimeAsync(500);
    expect(stored.pollSeconds).toBe(90);
    expect(saveState.value.kind).toBe('saved');
  });

  it('writes nothing back after "erase everything"', async () => {
    const { changeSettings, dropChanges } = await open();
    changeSettings({ pollSeconds: 60 });
    dropChanges();
    await vi.advanceTimersByTimeAsync(500);
    expect(saves).toBe(0);
  });
});
