/** What of a connection that is not shown wants a look, in words and as a mark: alerts before a problem, as on the badge. */
import { problemTitle } from '../../domain/problem-words.ts';
import type { OtherConnection } from '../../messages/published.ts';
import { t, tCode } from '../../messages/words.ts';
import './connection-standing.css';
import { ErrorIcon, WarningIcon } from './icons.tsx';

const MAX_SHOWN = 99;

/** A number for new alerts, a sign for a problem, nothing when all is well. The words beside it say the same. */
export function StandingMark({ of: { problem, unseenAlerts } }: { of: OtherConnection }) {
  if (unseenAlerts > 0)
    return (
      <span class="standing count-mark" aria-hidden="true">
        {unseenAlerts > MAX_SHOWN ? `${MAX_SHOWN}+` : unseenAlerts}
      </span>
    );
  if (!problem) return null;
  const bad = problem.severity === 'error';
  return <span class={`standing ${problem.severity}`}>{bad ? <ErrorIcon /> : <WarningIcon />}</span>;
}

/** '' when all is well. */
export function standingWords({ problem, unseenAlerts }: OtherConnection): string {
  const words = unseenAlerts > 0 ? [t('switch_alerts', unseenAlerts)] : [];
  if (problem) {
    const { key, params } = problemTitle(problem);
    words.push(tCode(key, params));
  }
  return words.join('. ');
}

export function wantsLook({ problem, unseenAlerts }: OtherConnection): boolean {
  return unseenAlerts > 0 || problem !== null;
}
