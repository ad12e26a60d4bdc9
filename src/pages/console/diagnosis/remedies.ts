/** What the button beside a verdict does. Each is started inside the click: Chrome asks about host access only then. */
import browser from 'webextension-polyfill';
import type { AgentId } from '../../../domain/agent-state.ts';
import type { Remedy } from '../../../domain/diagnosis/causes.ts';
import type { DiagnosisRun } from '../../../domain/diagnosis/run.ts';
import type { Verdict } from '../../../domain/diagnosis/verdict.ts';
import { hostPatterns } from '../../../domain/problem-words.ts';
import { send } from '../../../messages/send.ts';
import { t } from '../../../messages/words.ts';
import { grantHosts, signIn } from '../../parts/banner.tsx';
import { attempt, say } from '../../parts/notice.tsx';
import { glance } from '../../parts/store.ts';
import { go } from '../route.ts';
import { adminUrl, openTab, portalUrl } from './cxone-tabs.ts';
import { nameOf } from './names.ts';
import { askWhy, awaitNext, ROOM } from './state.ts';

const isWatched = (agentId: AgentId) => glance.peek()?.rows.some((row) => row.agentId === agentId) ?? false;

/** Whether there is anything for the button to do: nobody stops watching whom they do not watch. */
export function isUseful({ remedy, remedyArgument }: Pick<Verdict, 'remedy' | 'remedyArgument'>, agentIds: AgentId[]): boolean {
  const hosts = glance.value?.connection?.hosts ?? [];
  if (remedy === 'stopWatching') return agentIds.some(isWatched);
  if (remedy === 'watchInstead') return remedyArgument !== '' && agentIds.length === 1;
  if (remedy === 'openAdmin') return adminUrl(hosts) !== null;
  if (remedy === 'openPortal') return portalUrl(hosts) !== null;
  return remedy !== null;
}

/** `agentIds`: those of `run` that the verdict is about. */
export function applyRemedy(remedy: Remedy, argument: string, run: DiagnosisRun, agentIds: AgentId[]): Promise<unknown> {
  const hosts = glance.peek()?.connection?.hosts ?? [];
  switch (remedy) {
    case 'signIn':
      awaitNext(run);
      return signIn(run.id);
    case 'grantHosts':
      return grantThenAsk(argument, run, agentIds);
    case 'watchInstead':
      return watchInstead(agentIds[0] ?? '', argument);
    case 'stopWatching':
      return stopWatching(agentIds.filter(isWatched));
    case 'runAgain':
    case 'runLater':
      return askWhy(realIds(agentIds), run.id);
    case 'openPortal':
      return openTab(portalUrl(hosts));
    case 'openAdmin':
      return openTab(adminUrl(hosts));
    case 'openOptions':
      return browser.runtime.openOptionsPage();
  }
}

/** A run about the whole list has one entry without an id; asked again, it names nobody. */
export const realIds = (agentIds: AgentId[]): AgentId[] => agentIds.filter((agentId) => agentId !== '');

async function grantThenAsk(argument: string, run: DiagnosisRun, agentIds: AgentId[]): Promise<void> {
  const origins = argument.split(/[\s,]+/);
  if (hostPatterns(origins).length === 0) return browser.runtime.openOptionsPage();
  if (!(await grantHosts(origins))) throw new Error(t('diagnosis_hostsRefused'));
  await askWhy(realIds(agentIds), run.id);
}

async function watchInstead(wrong: AgentId, right: AgentId): Promise<void> {
  const [hadWrong, hadRight] = [isWatched(wrong), isWatched(right)];
  await send('watch', { agentIds: [right], on: true });
  if (hadWrong) await send('watch', { agentIds: [wrong], on: false });
  const undo = () =>
    void attempt(async () => {
      if (hadWrong) await send('watch', { agentIds: [wrong], on: true });
      if (!hadRight) await send('watch', { agentIds: [right], on: false });
    });
  say(t('diagnosis_watchedInstead', nameOf(right)), undo);
  go({ room: ROOM, agent: right, ask: true });
}

async function stopWatching(agentIds: AgentId[]): Promise<void> {
  await send('watch', { agentIds, on: false });
  const [only] = agentIds;
  const said =
    only !== undefined && agentIds.length === 1 ? t('notice_unwatched', nameOf(only)) : t('diagnosis_unwatched', agentIds.length);
  say(said, () => void attempt(() => send('watch', { agentIds, on: true })));
}
