/** The service worker. It only wires: every listener is added in the first turn, each waits for the one `ready`. */
import browser from 'webextension-polyfill';
import { updateReadyItem } from '../storage/items.ts';
import { log } from '../storage/log.ts';
import { ALARMS, connectionOfAlarm } from './alarms.ts';
import { handlers } from './handlers.ts';
import { createRouter } from './router.ts';
import {
  applyPolicy,
  batcher,
  cycle,
  daily,
  deliverer,
  openNotification,
  show,
  start,
  updateWhenIdle,
  wakeHistory,
} from './services.ts';

// A start that failed must not take alarms and messages with it: each tries for itself.
const ready = start().catch(() => log('start-failed'));
const route = createRouter(handlers, ready);

browser.runtime.onMessage.addListener(route);

browser.alarms.onAlarm.addListener(async ({ name }) => {
  await ready;
  const due = connectionOfAlarm(name);
  if (due !== null) await cycle('alarm', due);
  if (await updateReadyItem.get()) await updateWhenIdle();
  if (name === ALARMS.daily) await daily();
  if (name === ALARMS.history) await wakeHistory();
  if (name === ALARMS.batch) await batcher.wake();
  if (name === ALARMS.deliver) await deliverer.deliver();
});

browser.notifications.onClicked.addListener((id) => ready.then(() => openNotification(id)));

browser.permissions.onAdded.addListener(() => ready.then(() => cycle('alarm')).then(() => undefined));
browser.permissions.onRemoved.addListener(() => ready.then(() => show()));

browser.storage.onChanged.addListener((_changes, area) => (area === 'managed' ? ready.then(() => applyPolicy(true)) : undefined));

// Back at the screen: what happened meanwhile is asked for at once.
browser.idle.onStateChanged.addListener((state) =>
  state === 'active' ? ready.then(() => cycle('page')).then(() => undefined) : undefined,
);

browser.runtime.onUpdateAvailable.addListener(() => ready.then(updateWhenIdle));
browser.runtime.onStartup.addListener(() => ready.then(() => applyPolicy(false)));
browser.runtime.onInstalled.addListener(() => ready.then(() => applyPolicy(false)));
