import { t } from '../../messages/words.ts';
import { formatCount } from '../parts/count.ts';
import { DockIcon, OpenIcon } from '../parts/icons.tsx';
import { MixBar } from '../parts/mix-bar.tsx';
import { glance } from '../parts/store.ts';
import { dockConsole, openConsole } from '../parts/tabs.ts';

/** The whole team in one line, and the way to the console: beside the page, or as a full tab. */
export function Footer() {
  const shown = glance.value;
  if (!shown) return null;
  return (
    <footer>
      <div class="team">
        <p class="sm mut">{shown.total > 0 ? t('popup_team', formatCount(shown.total)) : t('popup_teamUnknown')}</p>
        {shown.total > 0 && <MixBar counts={shown.counts} />}
      </div>
      <button
        type="button"
        class="btn icon"
        aria-label={t('popup_dock')}
        title={t('popup_dock')}
        onClick={() => void dockConsole()}
      >
        <DockIcon />
      </button>
      <button type="button" class="btn quiet" onClick={() => void openConsole()}>
        {t('popup_console')}
        <OpenIcon />
      </button>
    </footer>
  );
}
