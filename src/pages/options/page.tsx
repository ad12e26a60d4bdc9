import { t } from '../../messages/words.ts';
import { startClock } from '../parts/clock.ts';
import { NoticeBar } from '../parts/notice.tsx';
import '../parts/parts.css';
import { useEffect } from 'preact/hooks';
import { Callout } from './bits/callout.tsx';
import { Nav } from './nav.tsx';
import { SaveBar } from './save-bar.tsx';
import { AboutSection } from './sections/about.tsx';
import { AlertsSection } from './sections/alerts.tsx';
import { ConnectionSection } from './sections/connection.tsx';
import { FileSection } from './sections/file.tsx';
import { PrivacySection } from './sections/privacy.tsx';
import { SkillsSection } from './sections/skills.tsx';
import { WatchedSection } from './sections/watched.tsx';
import { adding } from './state/connection-form.ts';
import { anyLocked, type LoadState, load, loadState } from './state/load.ts';

export function OptionsPage() {
  useEffect(startClock, []);
  const state = loadState.value;
  return (
    <div class="page">
      <Nav />
      <main aria-busy={state.kind === 'loading'}>{state.kind === 'ready' ? <Sections /> : <NotReady state={state} />}</main>
      <div class="bottom">
        <NoticeBar />
        <SaveBar />
      </div>
    </div>
  );
}

function Sections() {
  return (
    <>
      {anyLocked.value && <Callout tone="calm" title={t('options_someLocked')} />}
      <ConnectionSection />
      {!adding.value && (
        <>
          <WatchedSection />
          <AlertsSection />
          <SkillsSection />
          <PrivacySection />
        </>
      )}
      <FileSection />
      <AboutSection />
    </>
  );
}

/** The worker has not answered yet, or will not. */
function NotReady({ state }: { state: LoadState }) {
  if (state.kind === 'failed') {
    const { message, fix } = state.failure;
    return (
      <Callout
        tone="bad"
        role="alert"
        title={t('options_notLoaded')}
        action={
          <button type="button" class="btn main" onClick={() => void load()}>
            {t('options_retry')}
          </button>
        }
      >
        <p>
          {message} {fix}
        </p>
      </Callout>
    );
  }
  return (
    <div class="card loading" role="status">
      <span class="unseen">{t('options_loading')}</span>
      {['a', 'b', 'c', 'd', 'e'].map((key) => (
        <span key={key} class="loading-row" aria-hidden="true">
          <span class="bone" />
          <span class="bone" />
        </span>
      ))}
    </div>
  );
}
