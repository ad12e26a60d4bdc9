import { t } from '../../messages/words.ts';
import { formatCount } from '../parts/count.ts';
import { OpenIcon } from '../parts/icons.tsx';
import { MixBar } from '../parts/mix-bar.tsx';
import { glance } from '../parts/store.ts';
import { openConsole } from '../parts/tabs.ts';

/** The whole team in one line, and the way to the full tab. */
export function Footer() {
  const shown = glance.value;
  if (!shown) return null;
  return (
    <footer>
      <div class="team">
        <p class="sm mut">{shown.total > 0 ? t('popup_team', formatCount(shown.total)) : t('popup_teamUnknown')}</p>
        {shown.total > 0 && <MixBar counts={shown.counts} />}
      </div>
      <button type="button" class="btn quiet" onClick={() => void openConsole()}>
        {t('popup_console')}
        <OpenIcon />
      </button>
    </footer>
  );
}
