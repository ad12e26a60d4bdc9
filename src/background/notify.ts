/** Alerts as notifications. What is to be shown is in the database first, so that a worker killed in between shows it at the next wake. */
import browser from 'webextension-polyfill';
import type { AgentId } from '../domain/agent-state.ts';
import type { ConnectionId } from '../domain/connection.ts';
import { problemText, problemTitle } from '../domain/problem-words.ts';
import { formatClock } from '../domain/time.ts';
import { t, tCode } from '../messages/words.ts';
import { log } from '../storage/log.ts';
import { type AlertRecord, markDelivered, undelivered } from '../storage/poll-store.ts';
import type { Config } from './config.ts';
import { namesOf } from './directory.ts';

/** Older than this an alert is only in the log: "logged out" ten minutes late is no alert. */
const RECENT_MS = 2 * 60_000;
const SUMMARY_ID = 'summary';
/** `alert|<connection>|<agent, encoded>|<rule>`: the click finds the way back without asking anything. */
const PREFIX = 'alert';

export async function deliverAlerts(config: Config): Promise<void> {
  const { connection, settings } = config;
  const entries = await undelivered(connection.id, Date.now() - RECENT_MS);
  if (entries.length === 0) return;
  const alerts = entries.map(({ alert }) => alert);
  const names = settings.showNamesInNotifications ? await namesOf(connection.id, settings.watchedAgentIds) : null;
  const nameOf = (agentId: AgentId) => (names ? names.get(agentId)?.name || agentId : t('notify_anAgent'));
  const extras = {
    type: 'basic' as const,
    iconUrl: browser.runtime.getURL('icons/128.png'),
    requireInteraction: settings.stayUntilDismissed,
  };
  for (const alert of alerts.filter(({ silent }) => !silent)) {
    const [title, message] = wordsOf(alert, nameOf);
    await tell(notificationId(connection.id, alert), {
      ...extras,
      title,
      message,
      contextMessage: connection.name,
    });
  }
  const rest = alerts.filter(({ silent }) => silent);
  if (rest.length > 0) {
    const named = names
      ? [...new Set(rest.flatMap(({ agentId }) => (agentId ? [nameOf(agentId)] : [])))].slice(0, 5).join(', ')
      : '';
    await tell(`${PREFIX}|${connection.id}|${SUMMARY_ID}|`, {
      ...extras,
      title: t('notify_summaryTitle', rest.length),
      message: named === '' ? t('notify_summaryText') : named,
      contextMessage: connection.name,
    });
  }
  await markDelivered(entries);
}

/** A notification that cannot be shown costs neither the others nor the worker. */
async function tell(id: string, options: browser.Notifications.CreateNotificationOptions): Promise<void> {
  try {
    await browser.notifications.create(id, options);
  } catch {
    await log('notification-failed');
  }
}

function wordsOf(
  { kind, agentId, state, minutes, problem, atMs }: AlertRecord,
  nameOf: (agentId: AgentId) => string,
): [string, string] {
  if (problem) {
    const title = problemTitle(problem);
    const text = problemText(problem, null).map(({ key, params }) => tCode(key, params));
    return [tCode(title.key, title.params), text.join(' ')];
  }
  const name = agentId ? nameOf(agentId) : '';
  const label = state
    ? [state.stateName || tCode(`category_${state.category}`), state.reason, state.skill]
        .filter((part) => part !== '')
        .join(' · ')
    : '';
  if (kind === 'longerThan') return [t('notify_longerTitle', name, minutes), label];
  if (kind === 'unexpectedLogout')
    return [t('notify_logoutTitle', name), t('notify_since', formatClock(atMs, browser.i18n.getUILanguage()))];
  return [`${name}: ${label}`, t('notify_since', formatClock(atMs, browser.i18n.getUILanguage()))];
}

function notificationId(connectionId: string, alert: AlertRecord): string {
  // An agent's id may hold anything.
  return [PREFIX, connectionId, encodeURIComponent(alert.agentId ?? ''), alert.ruleId].join('|');
}

/** Whose notification it is; '' when it is none of ours. */
export function connectionOfNotification(id: string): ConnectionId {
  const [prefix, connectionId = ''] = id.split('|');
  return prefix === PREFIX ? connectionId : '';
}

/** A click opens the agent; on a data problem, the diagnosis; on a summary, the wallboard. */
export async function openFromNotification(id: string): Promise<void> {
  const [prefix, , agentId] = id.split('|');
  if (prefix !== PREFIX) return;
  const hash = agentId === '' ? '#room=diagnosis' : agentId !== SUMMARY_ID ? `#agent=${agentId}` : '';
  await browser.notifications.clear(id);
  await browser.tabs.create({ url: browser.runtime.getURL(`src/pages/console/index.html${hash}`) });
}
