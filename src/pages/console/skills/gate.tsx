import { useSignal } from '@preact/signals';
import browser from 'webextension-polyfill';
import { hostPatterns } from '../../../domain/problem-words.ts';
import { send } from '../../../messages/send.ts';
import { t } from '../../../messages/words.ts';
import { WarningIcon } from '../../parts/icons.tsx';
import { auth, glance } from '../../parts/store.ts';
import { access, scopesLacking } from './access.ts';

/** Asked inside the click: Chrome shows its question about hosts only then. */
async function useSkills(): Promise<void> {
  const hosts = glance.peek()?.connection?.hosts ?? [];
  if (hosts.length > 0) await browser.permissions.request({ origins: hostPatterns(hosts) });
  await send('useCapability', { capability: 'skills', on: true });
}

function UseButton({ label }: { label: string }) {
  const busy = useSignal(false);
  const failed = useSignal('');
  const waiting = busy.value || auth.value?.phase === 'signingIn';
  const onClick = async () => {
    if (waiting) return;
    busy.value = true;
    failed.value = '';
    try {
      await useSkills();
    } catch (error) {
      failed.value = error instanceof Error ? error.message : String(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <div class="fix">
      <button type="button" class="btn main" aria-disabled={waiting} onClick={() => void onClick()}>
        {waiting ? t('fix_busy') : label}
      </button>
      {failed.value && (
        <p class="fix-failed" role="alert">
          {failed.value}
        </p>
      )}
    </div>
  );
}

function Scopes({ scopes }: { scopes: readonly string[] }) {
  return (
    <ul class="plain scope-list" aria-label={t('skills_scopes')}>
      {scopes.map((scope) => (
        <li key={scope} class="chip">
          <code>{scope}</code>
        </li>
      ))}
    </ul>
  );
}

/** In place of the way in, for as long as the connection is not used for skills. */
export function SkillsOff() {
  const now = access.value;
  if (!now) return null;
  return (
    <section class="card step" aria-labelledby="skills-off">
      <h2 id="skills-off">{t('skills_off')}</h2>
      <p>{t('skills_offText')}</p>
      <p>{t('skills_offWrites')}</p>
      {now.scopes.length > 0 && (
        <>
          <p class="mut">{t('skills_offScopes')}</p>
          <Scopes scopes={now.scopes} />
        </>
      )}
      {now.fixed ? <p class="problem-text">{t('skills_offFixed')}</p> : <UseButton label={t('skills_use')} />}
    </section>
  );
}

/** What stands in the way of writing although the room is open. */
export function SkillsNotes() {
  const now = access.value;
  const lacking = scopesLacking.value;
  if (!now?.on) return null;
  return (
    <>
      {!now.writes && (
        <div class="banner warning" role="status">
          <span class="banner-icon">
            <WarningIcon />
          </span>
          <div>
            <p class="problem-title">{t('skills_readOnly')}</p>
            <p class="problem-text">{t('skills_readOnlyText')}</p>
          </div>
        </div>
      )}
      {now.writes && lacking.length > 0 && (
        <div class="banner warning" role="status">
          <span class="banner-icon">
            <WarningIcon />
          </span>
          <div>
            <p class="problem-title">{t('skills_scopesLacking')}</p>
            <p class="problem-text">{t('skills_scopesLackingText')}</p>
            <Scopes scopes={lacking} />
          </div>
          <div class="banner-acts">
            <UseButton label={t('history_signInWithScope')} />
          </div>
        </div>
      )}
    </>
  );
}
