/** A set-up file on its way in: read, checked, shown, and only then taken over. */
import { computed, signal } from '@preact/signals';
import { type CheckedConfig, checkConfig } from '../../../domain/config-file.ts';
import { type ImportPlan, planImport } from '../../../domain/config-plan.ts';
import { readConfigText } from '../../../domain/config-text.ts';
import type { Phrase } from '../../../domain/problem-words.ts';
import { t } from '../../../messages/words.ts';
import { attempt, say } from '../../parts/notice.tsx';
import { changeSettings, saveNow, settings } from './autosave.ts';
import { change, check, saveAndAsk, saved } from './connection-form.ts';
import { lockedKeys, takeAll } from './load.ts';
import { unwatch, watch } from './watching.ts';

/** What was pasted or read. */
export const importText = signal('');
export const importing = signal(false);
/** A field of the connection is not right yet: the file has not been taken over. */
export const importStuck = signal(false);

export type Import =
  | { kind: 'none' }
  | { kind: 'wrong'; why: Phrase }
  | { kind: 'plan'; plan: ImportPlan; checked: CheckedConfig };

/** What it would do; anew with every change of the text, the form and the settings. */
export const planned = computed<Import>(() => {
  if (importText.value.trim() === '') return { kind: 'none' };
  const read = readConfigText(importText.value);
  if ('wrong' in read) return { kind: 'wrong', why: read.wrong };
  const checked = checkConfig(read.values, __DEMO__);
  const now = { saved: saved.value, draft: check.value.draft, settings: settings.value, locked: lockedKeys() };
  return { kind: 'plan', checked, plan: planImport(checked.values, now) };
});

export function dropImport(): void {
  importText.value = '';
  importStuck.value = false;
}

/** Takes the file over. Call it in the click itself: Chrome is asked for the hosts of what comes in. */
export async function applyImport(): Promise<void> {
  const { value } = planned;
  if (value.kind !== 'plan' || importing.peek()) return;
  const { plan } = value;
  change(plan.draft);
  const step = saveAndAsk();
  importStuck.value = step === null;
  if (step === null) return;
  importing.value = true;
  const done = await attempt(async () => {
    if (!(await step.saved)) return;
    // A connection that was just added has settings of its own from now on.
    await takeAll();
    await takeSettingsOf(plan);
    dropImport();
    say(t('options_importDone', plan.changes.length));
  });
  if (!done) await takeAll().catch(() => undefined);
  importing.value = false;
}

const SETTINGS = ['pollSeconds', 'persistSession', 'showNamesInNotifications', 'retentionDays', 'auditUrl', 'wfmUrl'] as const;

async function takeSettingsOf({ settings: next, changes }: ImportPlan): Promise<void> {
  const changed = new Set(changes.map(({ key }) => key as string));
  const patch = Object.fromEntries(SETTINGS.filter((key) => changed.has(key)).map((key) => [key, next[key]]));
  if (Object.keys(patch).length > 0) {
    changeSettings(patch);
    await saveNow();
  }
  if (!changed.has('watchedAgentIds')) return;
  const before = settings.peek().watchedAgentIds;
  const gone = before.filter((id) => !next.watchedAgentIds.includes(id));
  const fresh = next.watchedAgentIds.filter((id) => !before.includes(id));
  if (gone.length > 0) await unwatch(gone, null);
  if (fresh.length > 0) await watch(fresh, null);
}
