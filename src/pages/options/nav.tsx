import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type MessageKey, t } from '../../messages/words.ts';
import { saveState } from './state/autosave.ts';
import { adding, connectionId, dirty } from './state/connection-form.ts';
import { skillsShown } from './state/connections.ts';
import { loadState } from './state/load.ts';

const ALL: readonly { id: string; key: MessageKey }[] = [
  { id: 'connection', key: 'options_connection' },
  { id: 'watched', key: 'options_watched' },
  { id: 'alerts', key: 'options_alerts' },
  { id: 'skills', key: 'skills_settings_title' },
  { id: 'privacy', key: 'options_privacy' },
  { id: 'file', key: 'options_file' },
  { id: 'about', key: 'options_about' },
];

/** The others belong to a connection that is saved. */
const WHILE_ADDING = ['connection', 'file', 'about'];

export function Nav() {
  const current = useSignal('connection');
  const ready = loadState.value.kind === 'ready';
  const shown = ALL.filter(({ id }) => id !== 'skills' || skillsShown.value);
  const sections = adding.value ? ALL.filter(({ id }) => WHILE_ADDING.includes(id)) : shown;
  useEffect(() => {
    if (!ready) return;
    // The section in the upper part of the window is the one being read.
    const watcher = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) if (entry.isIntersecting) current.value = entry.target.id;
      },
      { rootMargin: '-15% 0px -75% 0px' },
    );
    for (const { id } of sections) {
      const place = document.getElementById(id);
      if (place) watcher.observe(place);
    }
    return () => watcher.disconnect();
  }, [ready, sections.length]);
  return (
    <header class="side">
      <div class="brand">
        <img src="/icons/48.png" alt="" width="24" height="24" />
        <h1>{t('options_title')}</h1>
      </div>
      <nav aria-label={t('options_nav')}>
        <ul class="plain">
          {sections.map(({ id, key }) => (
            <li key={id}>
              <a href={`#${id}`} {...(current.value === id ? { 'aria-current': 'location' as const } : {})}>
                {t(key)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <AutosaveWords />
    </header>
  );
}

/** Settings save by themselves; this says that they did. The connection has a Save of its own. */
function AutosaveWords() {
  const { kind } = saveState.value;
  return (
    <p class="autosave" role="status">
      {kind === 'saving' && t('options_saving')}
      {kind === 'saved' && (
        <>
          <svg
            class="result ok"
            viewBox="0 0 16 16"
            width="14"
            height="14"
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            aria-hidden="true"
          >
            <path d="m3.5 8.5 3 3 6-7" />
          </svg>{' '}
          {t('options_saved')}
        </>
      )}
      {kind === 'idle' && connectionId.value !== null && !dirty.value && <span class="mut">{t('options_autosaves')}</span>}
    </p>
  );
}
