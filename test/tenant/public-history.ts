/** Sums over what agents did: the members of a performance record. */
import type { Stretch } from './histories.ts';
import { isoDuration, type Row } from './public-query.ts';
import type { StateCode } from './simulation.ts';

/** How long the stretches lasted within a range, ms, by state. @param nowMs where a lasting one is cut */
export function timeByState(
  stretches: readonly Stretch[],
  fromMs: number,
  toMs: number,
  nowMs: number,
): Partial<Record<StateCode, number>> {
  const sums: Partial<Record<StateCode, number>> = {};
  for (const { state, sinceMs, untilMs = nowMs } of stretches) {
    const ms = Math.min(untilMs, toMs, nowMs) - Math.max(sinceMs, fromMs);
    if (ms > 0) sums[state] = (sums[state] ?? 0) + ms;
  }
  return sums;
}

/** The members of a performance record that are made of times (facts, section 3). Null: the agent was not logged in. */
export function performanceOf(stretches: readonly Stretch[], fromMs: number, toMs: number, nowMs: number): Row | null {
  const ms = timeByState(stretches, fromMs, toMs, nowMs);
  const { READY = 0, NOT_READY = 0, WRAP_UP = 0, ON_CONTACT = 0, LOGIN = 0 } = ms;
  const login = READY + NOT_READY + WRAP_UP + ON_CONTACT + LOGIN;
  if (login === 0) return null;
  const handled = stretches.filter(
    ({ state, sinceMs, untilMs }) => state === 'ON_CONTACT' && untilMs !== undefined && untilMs >= fromMs && sinceMs < toMs,
  ).length;
  const share = (part: number) => Math.round((part / login) * 1000) / 10;
  return {
    agentOffered: handled,
    inboundHandled: handled,
    inboundTime: isoDuration(ON_CONTACT),
    inboundTalkTime: isoDuration(ON_CONTACT),
    inboundAvgTalkTime: isoDuration(handled === 0 ? 0 : ON_CONTACT / handled),
    outboundHandled: 0,
    outboundTime: 'PT0S',
    outboundTalkTime: 'PT0S',
    outboundAvgTalkTime: 'PT0S',
    totalHandled: handled,
    totalTalkTime: isoDuration(ON_CONTACT),
    totalAvgTalkTime: isoDuration(handled === 0 ? 0 : ON_CONTACT / handled),
    totalAvgHandleTime: isoDuration(handled === 0 ? 0 : (ON_CONTACT + WRAP_UP) / handled),
    consultTime: 'PT0S',
    availableTime: isoDuration(READY),
    unavailableTime: isoDuration(NOT_READY + WRAP_UP),
    acwTime: isoDuration(WRAP_UP),
    refused: 0,
    percentRefused: 0,
    loginTime: isoDuration(login),
    workingRate: share(ON_CONTACT + WRAP_UP),
    occupancy: share(ON_CONTACT),
  };
}
