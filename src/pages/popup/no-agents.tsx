import { useSignal } from '@preact/signals';
import { send } from '../../messages/send.ts';
import { t } from '../../messages/words.ts';
import { formatCount } from '../parts/count.ts';
import { attempt } from '../parts/notice.tsx';
import { glance } from '../parts/store.ts';

/** More than this and "watch everyone" would be a list nobody can watch. */
const EVERYONE_MAX = 50;

/** Signed in, nobody watched yet. */
export function NoAgents() {
  const busy = useSignal(false);
  const total = glance.value?.total ?? 0;
  const watchAll = async () => {
    if (busy.value) return;
    busy.value = true;
    await attempt(async () => {
      const { agents } = await send('search', { query: '', offset: 0, limit: EVERYONE_MAX });
      await send('watch', { agentIds: agents.map((agent) => agent.agentId), on: true });
    });
    busy.value = false;
  };
  return (
    <section class="step">
      <h2>{t('popup_noAgents_title')}</h2>
      <p class="mut">{total > 0 ? t('popup_noAgents_text', formatCount(total)) : t('popup_noAgents_noList')}</p>
      {total > 0 && total <= EVERYONE_MAX && (
        <button type="button" class="btn main" aria-disabled={busy.value} onClick={watchAll}>
          {t('popup_watchEveryone', total)}
        </button>
      )}
    </section>
  );
}
