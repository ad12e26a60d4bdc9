/** The service worker. It only wires: every listener is added in the first turn, each waits for the one `ready`. */
import browser from 'webextension-polyfill';
import { updateReadyItem } from '../storage/items.ts';
import { log } from '../storage/log.ts';
import { ALARMS } from './alarms.ts';
import { handlers } from './handlers.ts';
import { openFromNotification } from './notify.ts';
import { createRouter } from './router.ts';
import { applyPolicy, cycle, daily, show, start, updateWhenIdle } from './services.ts';

// A start that failed must not take alarms and messages with it: each tries for itself.
const ready = start().catch(() => log('start-failed'));
const route = createRouter(handlers, ready);

browser.runtime.onMessage.addListener(route);

browser.alarms.onAlarm.addListener(async ({ name }) => {
  await ready;
  if (name === ALARMS.poll) await cycle('alarm');
  if (await updateReadyItem.get()) await updateWhenIdle();
  if (name === ALARMS.daily) await daily();
});

browser.notifications.onClicked.addListener((id) => openFromNotification(id));

browser.permissions.onAdded.addListener(() => ready.then(() => cycle('alarm')).then(() => undefined));
browser.permissions.onRemoved.addListener(() => ready.then(show));

browser.storage.onChanged.addListener((_changes, area) => (area === 'managed' ? ready.then(() => applyPolicy(true)) : undefined));

// Back at the screen: what happened meanwhile is asked for at once.
browser.idle.onStateChanged.addListener((state) =>
  state === 'active' ? ready.then(() => cycle('page')).then(() => undefined) : undefined,
);

browser.runtime.onUpdateAvailable.addListener(() => ready.then(updateWhenIdle));
browser.runtime.onStartup.addListener(() => ready.then(() => applyPolicy(false)));
browser.runtime.onInstalled.addListener(() => ready.then(() => applyPolicy(false)));
