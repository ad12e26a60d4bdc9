import { useEffect } from 'preact/hooks';
import browser from 'webextension-polyfill';
import { t } from '../../messages/words.ts';
import { Age } from '../parts/age.tsx';
import { ProblemBanner, UnreachableBanner } from '../parts/banner.tsx';
import { ConnectionMenu } from '../parts/connection-menu.tsx';
import { isFirstRun, Waiting, Welcome } from '../parts/first-run.tsx';
import { GearIcon } from '../parts/icons.tsx';
import { NoticeBar } from '../parts/notice.tsx';
import { SnoozeMenu } from '../parts/snooze-menu.tsx';
import { glance, others, problem } from '../parts/store.ts';
import { routeHash } from '../parts/where.ts';
import { isRiddle } from '../parts/why.ts';
import './console.css';
import { ROOMS, roomOf } from './rooms.ts';
import { go, route } from './route.ts';

function Top() {
  const connection = glance.value?.connection ?? null;
  const current = roomOf(route.value.room);
  return (
    <header class="bar">
      <h1>
        <img src="/icons/32.png" width="20" height="20" alt="" />
        {t('console_product')}
      </h1>
      <nav aria-label={t('console_rooms')}>
        {ROOMS.map((room) => (
          <a key={room.id} href={routeHash({ room: room.id })} aria-current={room === current ? 'page' : undefined}>
            {t(room.label)}
          </a>
        ))}
      </nav>
      {connection && (
        <div class="where">
          {others.value.length > 0 ? (
            <ConnectionMenu id={connection.id} name={connection.name} />
          ) : (
            <span class="cut connection" title={connection.name}>
              <bdi>{connection.name}</bdi>
            </span>
          )}
          <Age />
        </div>
      )}
      {connection && <SnoozeMenu />}
      <button
        type="button"
        class="btn icon"
        aria-label={t('popup_settings')}
        title={t('popup_settings')}
        onClick={() => void browser.runtime.openOptionsPage()}
      >
        <GearIcon />
      </button>
    </header>
  );
}

function Room() {
  const shown = glance.value;
  if (!shown) return <Waiting />;
  if (isFirstRun(shown)) return <Welcome />;
  const { View } = roomOf(route.value.room);
  return <View />;
}

export function Console() {
  const shown = glance.value;
  const room = roomOf(route.value.room);
  const name = shown?.connection?.name ?? '';
  useEffect(() => {
    document.title = name ? t('console_title', t(room.label), name) : t('extensionName');
  }, [room, name]);
  const firstRun = shown !== undefined && isFirstRun(shown);
  // The room says the same, and more of it.
  const answered = room.id === 'diagnosis' && problem.value !== null && isRiddle(problem.value);
  // It speaks of the rows of a list, and only the wallboard has them.
  const elsewhere = room.id !== 'wallboard' && problem.value?.code === 'agentsMissing';
  return (
    <div class="console-page">
      <Top />
      <main id="scroller">
        <div class="banners">
          <UnreachableBanner />
          {!firstRun && !answered && !elsewhere && <ProblemBanner openWhy={go} />}
        </div>
        <Room />
      </main>
      <NoticeBar />
    </div>
  );
}
