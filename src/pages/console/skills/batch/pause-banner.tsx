import { useSignal } from '@preact/signals';
import browser from 'webextension-polyfill';
import type { Batch } from '../../../../domain/skills/batch.ts';
import { send } from '../../../../messages/send.ts';
import { type MessageKey, t, tCode } from '../../../../messages/words.ts';
import { grantHosts, signIn } from '../../../parts/banner.tsx';
import { WarningIcon } from '../../../parts/icons.tsx';
import { auth, glance } from '../../../parts/store.ts';
import { run } from './actions.ts';
import { canGoOn, type Remedy, remedyOf } from './remedy.ts';

const LABELS: Record<Exclude<Remedy, null | 'goOn'>, MessageKey> = {
  signIn: 'fix_signIn',
  useSkills: 'skills_batch_askScopes',
  grantHosts: 'fix_grantHosts',
  switchBack: 'skills_batch_switchBack',
  openSettings: 'popup_settings',
};

/** Asked inside the click: Chrome shows its question about hosts only then. */
async function useSkills(): Promise<void> {
  const ask = glance.peek()?.connection?.ask ?? [];
  if (ask.length > 0) await browser.permissions.request({ origins: ask });
  await send('useCapability', { capability: 'skills', on: true });
}

function put(remedy: Exclude<Remedy, null | 'goOn'>, batch: Batch): Promise<unknown> {
  switch (remedy) {
    case 'signIn':
      return signIn();
    case 'useSkills':
      return useSkills();
    case 'grantHosts':
      return grantHosts(glance.peek()?.connection?.hosts ?? []);
    case 'switchBack':
      return send('switchConnection', { id: batch.target.connectionId });
    case 'openSettings':
      return browser.runtime.openOptionsPage();
  }
}

/** Why a batch is paused, in words, with what helps; and the way on, for when that has been done. */
export function PauseBanner({ batch }: { batch: Batch }) {
  const busy = useSignal<'remedy' | 'goOn' | null>(null);
  const failed = useSignal('');
  const { pause, detail } = batch;
  const code = pause ?? 'user';
  const remedy = remedyOf(pause);
  const signingIn = (remedy === 'signIn' || remedy === 'useSkills') && auth.value?.phase === 'signingIn';
  const press = async (which: 'remedy' | 'goOn', job: () => Promise<unknown>) => {
    if (busy.value) return;
    busy.value = which;
    failed.value = '';
    try {
      await job();
    } catch (error) {
      failed.value = error instanceof Error ? error.message : String(error);
    } finally {
      busy.value = null;
    }
  };
  return (
    <div class="banner warning batch-pause" data-pause={code} role="status">
      <span class="banner-icon">
        <WarningIcon />
      </span>
      <div>
        <p class="problem-title">{tCode(`skills_paused_${code}`)}</p>
        <p class="problem-text">{tCode(`skills_paused_${code}_text`)}</p>
        {detail && <p class="problem-text">{t('history_serverSaid', detail)}</p>}
        {failed.value && (
          <p class="fix-failed" role="alert">
            {failed.value}
          </p>
        )}
      </div>
      <div class="banner-acts">
        {remedy && remedy !== 'goOn' && (
          <button
            type="button"
            class="btn main"
            aria-disabled={busy.value !== null || signingIn}
            onClick={() => void press('remedy', () => put(remedy, batch))}
          >
            {busy.value === 'remedy' || signingIn ? t('fix_busy') : t(LABELS[remedy])}
          </button>
        )}
        {canGoOn(batch) && (
          <button
            type="button"
            class={remedy === 'goOn' ? 'btn main' : 'btn'}
            aria-disabled={busy.value !== null}
            onClick={() => void press('goOn', () => run(batch, batch.counts.states.planned))}
          >
            {busy.value === 'goOn' ? t('fix_busy') : t('skills_batch_goOn')}
          </button>
        )}
      </div>
    </div>
  );
}
