import type { AgentId } from '../../domain/agent-state.ts';
import { formatClock } from '../../domain/time.ts';
import { send } from '../../messages/send.ts';
import { t } from '../../messages/words.ts';
import { attempt, say } from './notice.tsx';

const HOUR_MS = 3_600_000;

interface Agent {
  agentId: AgentId;
  name: string;
}

/** Watches or stops watching one agent; stopping can be undone. */
export async function setWatched({ agentId, name }: Agent, on: boolean): Promise<void> {
  const done = await attempt(() => send('watch', { agentIds: [agentId], on }));
  if (!done) return;
  if (on) say(t('notice_watched', name));
  else say(t('notice_unwatched', name), () => void attempt(() => send('watch', { agentIds: [agentId], on: true })));
}

/** No alerts of one agent for an hour, or again. */
export async function setSnoozed({ agentId, name }: Agent, on: boolean): Promise<void> {
  const untilMs = on ? Date.now() + HOUR_MS : 0;
  const done = await attempt(() => send('snooze', { agentId, untilMs }));
  if (!done) return;
  const undo = () => void attempt(() => send('snooze', { agentId, untilMs: 0 }));
  if (on) say(t('notice_snoozed', name, formatClock(untilMs)), undo);
  else say(t('notice_unsnoozed', name));
}
