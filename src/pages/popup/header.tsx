import { useComputed } from '@preact/signals';
import browser from 'webextension-polyfill';
import { t } from '../../messages/words.ts';
import { Age } from '../parts/age.tsx';
import { ConnectionMenu } from '../parts/connection-menu.tsx';
import { BellIcon, GearIcon } from '../parts/icons.tsx';
import { SnoozeMenu } from '../parts/snooze-menu.tsx';
import { glance, others } from '../parts/store.ts';
import { showAgents, view } from './view.ts';

function AlertsButton() {
  const unseen = useComputed(() => glance.value?.alerts.filter((alert) => !alert.seen).length ?? 0).value;
  const open = view.value === 'alerts';
  const label = unseen > 0 ? t('popup_alertsUnseen', unseen) : t('popup_alerts');
  return (
    <button
      type="button"
      class="btn icon with-count"
      aria-label={label}
      title={label}
      aria-pressed={open}
      onClick={() => {
        view.value = open ? 'agents' : 'alerts';
      }}
    >
      <BellIcon />
      {unseen > 0 && (
        <span class="count" aria-hidden="true">
          {unseen > 99 ? '99+' : unseen}
        </span>
      )}
    </button>
  );
}

export function Header() {
  const connection = glance.value?.connection ?? null;
  const several = connection !== null && others.value.length > 0;
  return (
    <header>
      <div class="title">
        <h1 class={several ? 'unseen' : 'cut'} title={connection?.name}>
          <bdi>{connection?.name || t('extensionName')}</bdi>
        </h1>
        {several && <ConnectionMenu id={connection.id} name={connection.name} onSwitched={showAgents} />}
        {connection && <Age />}
      </div>
      {connection && <SnoozeMenu />}
      {connection && <AlertsButton />}
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
