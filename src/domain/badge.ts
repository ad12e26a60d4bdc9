/** The toolbar button as a function of what is known: text, colour and tooltip always change together (anchors.md section 3, point 8). */
import type { Category } from './agent-state.ts';
import type { Problem } from './problem.ts';
import { type Phrase, problemTitle } from './problem-words.ts';

export interface Badge {
  /** '' = no badge. The shape tells the kind: `!` error, `?` warning, `3!` new alerts, `3` agents available. */
  text: string;
  /** #rrggbb, background of the badge; white reads on each at 4.5:1. */
  color: string;
  title: Phrase[];
}

/** What of a connection that is not shown must not be overlooked. */
export interface OtherStanding {
  name: string;
  problem: Problem | null;
  unseenAlerts: number;
}

const COLORS = { error: '#c0264b', warning: '#a85b00', alerts: '#1f5fd0', count: '#14804a', stale: '#636b78' } as const;
const MAX_ALERTS = 9;

export function badge(input: {
  configured: boolean;
  problem: Problem | null;
  unseenAlerts: number;
  /** Watched agents by category. */
  counts: Record<Category, number>;
  watchedCount: number;
  snoozed: boolean;
  connectionName: string;
  stale: boolean;
  /** The connections that are not shown now. */
  others: readonly OtherStanding[];
}): Badge {
  const { configured, problem, unseenAlerts, counts, watchedCount, snoozed, connectionName, stale, others } = input;
  if (!configured) return { text: '', color: COLORS.stale, title: [{ key: 'badge_notConfigured', params: [] }] };

  const title: Phrase[] = [{ key: 'badge_connection', params: [connectionName] }];
  const add = (key: string, ...params: (string | number)[]) => title.push({ key, params: params.map(String) });
  if (problem) title.push(problemTitle(problem));
  if (unseenAlerts > 0) add('badge_alerts', unseenAlerts);
  if (watchedCount === 0) add('badge_nobodyWatched');
  else {
    const { available, working, unavailable, acw, loggedOut, loggedIn, unknown } = counts;
    add('badge_counts', available, working, unavailable);
    if (acw + loggedOut + loggedIn + unknown > 0) add('badge_countsMore', acw, loggedOut, loggedIn + unknown);
    const unanswered = watchedCount - Object.values(counts).reduce((sum, count) => sum + count, 0);
    if (unanswered > 0) add('badge_unanswered', unanswered);
  }
  if (stale) add('badge_stale');
  if (snoozed) add('badge_snoozed');
  const failing = others.filter((other) => other.problem?.severity === 'error');
  for (const other of failing) add('badge_otherProblem', other.name);
  for (const other of others.filter((each) => each.unseenAlerts > 0)) add('badge_otherAlerts', other.name, other.unseenAlerts);
  const elsewhere = others.reduce((sum, other) => sum + other.unseenAlerts, 0);

  if (problem) return { text: problem.severity === 'error' ? '!' : '?', color: COLORS[problem.severity], title };
  const unseen = unseenAlerts + elsewhere;
  if (unseen > 0) return { text: `${unseen > MAX_ALERTS ? `${MAX_ALERTS}+` : unseen}!`, color: COLORS.alerts, title };
  if (failing.length > 0) return { text: '!', color: COLORS.error, title };
  return { text: watchedCount > 0 ? String(counts.available) : '', color: stale ? COLORS.stale : COLORS.count, title };
}
