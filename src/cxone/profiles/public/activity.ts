/** Rows of `GET /skills/activity` (facts/cxone-api.md section 2, "companions for a dashboard"). */
import type { SkillActivity } from '../../../domain/skill-activity.ts';
import { bool, count, durationMs, idText, isRecord, text, timeMs } from './values.ts';

/** A skill that is switched off and has nobody waiting is no queue to look at. */
export function isInUse(row: unknown): boolean {
  return !isRecord(row) || bool(row.isActive) !== false || (count(row.queueCount) ?? 0) > 0;
}

/**
 * Null for a row that names no skill.
 * @param atMs the server's time of the answer, for rows that do not say their own
 */
export function readActivity(row: unknown, atMs: number): SkillActivity | null {
  if (!isRecord(row)) return null;
  const skillId = idText(row.skillId);
  if (skillId === '') return null;
  const queueCount = count(row.queueCount) ?? count(row.skillQueueCount);
  return {
    skillId,
    name: text(row.skillName) || skillId,
    queueCount,
    longestWaitMs: queueCount === 0 ? null : waitMs(row, atMs),
    serviceLevel: levelOf(row.serviceLevel),
    agentsAvailable: count(row.agentsAvailable),
    agentsWorking: count(row.agentsWorking),
    agentsUnavailable: count(row.agentsUnavailable),
    agentsAcw: count(row.agentsACW ?? row.agentsAcw),
    agentsIdle: count(row.agentsIdle),
    agentsLoggedIn: count(row.agentsLoggedIn),
  };
}

/** `earliestQueueTime` is a moment, or the wait itself. The row's own clock comes first: it is the one that moment was read from. */
function waitMs({ earliestQueueTime: said, serverTime }: Record<string, unknown>, atMs: number): number | null {
  const wait = durationMs(said);
  if (wait >= 0) return wait;
  const sinceMs = timeMs(said);
  // "Never" is written as a moment long ago.
  return sinceMs > 0 ? Math.max(0, (timeMs(serverTime) || atMs) - sinceMs) : null;
}

/** 0–100. Less than 1 can be two things: a fraction, or hardly anybody. */
export function levelOf(value: unknown): number | null {
  const level = Number.parseFloat(text(value));
  return level === 0 || (level >= 1 && level <= 100) ? Math.round(level) : null;
}
