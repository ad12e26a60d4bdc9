import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../../src/domain/settings.ts';
import {
  agentsOf,
  answers,
  isOld,
  isToCome,
  LONGEST_MS,
  ownRangeFault,
  questionAt,
  questionNow,
  rangeOf,
  wantsLoad,
} from '../../../../src/pages/console/history/question.ts';
import { parseRoute } from '../../../../src/pages/parts/where.ts';
import { MINUTE, NOW } from '../rows.ts';
import { agentHistory, DAY, HOUR, historyLoad } from './made.ts';

const ZONE = 'Europe/Berlin';
const at = (hash: string) => parseRoute(hash);

describe('what the address asks', () => {
  it('names each agent once, and no more than can be compared', () => {
    expect(agentsOf(at('#agent=a&agents=b&agents=a&agents=c'))).toEqual(['a', 'b', 'c']);
    expect(agentsOf(at('#agents=b'))).toEqual(['b']);
    const many = Array.from({ length: LIMITS.historyAgents + 5 }, (_, index) => `agents=${index}`).join('&');
    expect(agentsOf(at(`#${many}`))).toHaveLength(LIMITS.historyAgents);
  });
  it('is the last 24 hours where it says nothing that makes sense', () => {
    expect(rangeOf(at('#'))).toBe('24h');
    expect(rangeOf(at('#range=forever'))).toBe('24h');
    expect(rangeOf(at('#range=7d'))).toBe('7d');
    expect(rangeOf(at('#range=own'))).toBe('24h');
    expect(rangeOf(at('#range=own&from=2026-03-02T10:00Z&to=2026-03-02T09:00Z'))).toBe('24h');
    expect(rangeOf(at('#range=own&from=2026-03-02T09:00Z&to=2026-03-02T10:00Z'))).toBe('own');
  });
  it('refuses a range of its own that is turned round or too long', () => {
    expect(ownRangeFault(NOW, NOW)).toBe('order');
    expect(ownRangeFault(Number.NaN, NOW)).toBe('order');
    expect(ownRangeFault(0, LONGEST_MS)).toBeNull();
    expect(ownRangeFault(0, LONGEST_MS + 1)).toBe('long');
  });
  it('is of what has been: the time to come has no history', () => {
    expect(isToCome({ fromMs: NOW + MINUTE }, NOW)).toBe(true);
    expect(isToCome({ fromMs: NOW - MINUTE }, NOW)).toBe(false);
    expect(isOld({ fromMs: NOW - 29 * DAY }, NOW)).toBe(false);
    expect(isOld({ fromMs: NOW - 31 * DAY }, NOW)).toBe(true);
  });
  it('is asked to the second, and of nobody it is no question', () => {
    const asked = questionAt(at('#agent=a'), NOW + 789, ZONE);
    expect(asked).toEqual({ agentIds: ['a'], range: '24h', fromMs: NOW - DAY, toMs: NOW });
    expect(questionAt(at('#range=7d'), NOW, ZONE)).toBeNull();
  });
});

describe('the question that goes on', () => {
  const route = at('#agent=a1');
  it('is that of a load under way: opening the page again joins it', () => {
    const load = historyLoad({ fromMs: NOW - DAY, toMs: NOW, startedMs: NOW + 400, updatedMs: NOW + MINUTE });
    const later = NOW + 20 * MINUTE;
    expect(questionNow(route, load, later, ZONE)).toMatchObject({ fromMs: load.fromMs, toMs: load.toMs });
    expect(questionNow(route, { ...load, status: 'waiting' }, later, ZONE)?.toMs).toBe(load.toMs);
    expect(questionNow(route, { ...load, status: 'interrupted' }, later, ZONE)?.toMs).toBe(load.toMs);
    const asked = questionNow(route, load, later, ZONE);
    expect(asked && answers(load, asked)).toBe(true);
  });
  it('is that of a load that has just ended, and of no older one', () => {
    const load = historyLoad({ status: 'done', updatedMs: NOW + MINUTE });
    expect(questionNow(route, load, NOW + 2 * MINUTE, ZONE)?.toMs).toBe(NOW);
    expect(questionNow(route, load, NOW + 4 * MINUTE, ZONE)?.toMs).toBe(NOW + 4 * MINUTE);
  });
  it('is never that of other agents or of another range', () => {
    const load = historyLoad();
    expect(questionNow(at('#agent=a1&agents=a2'), load, NOW + MINUTE, ZONE)?.toMs).toBe(NOW + MINUTE);
    expect(questionNow(at('#agent=a1&range=7d'), load, NOW + MINUTE, ZONE)?.toMs).toBe(NOW + MINUTE);
    expect(questionNow(at('#agent=a1&range=yesterday'), load, NOW + MINUTE, ZONE)?.toMs).not.toBe(NOW);
  });
  it('may have its agents in another order', () => {
    const load = historyLoad({ agentIds: ['a1', 'a2'] });
    expect(questionNow(at('#agent=a2&agents=a1'), load, NOW + MINUTE, ZONE)).toMatchObject({ agentIds: ['a2', 'a1'], toMs: NOW });
  });
});

describe('asking the tenant', () => {
  const range = { fromMs: NOW - DAY, toMs: NOW };
  const loaded = agentHistory({ records: [], loadedMs: range });
  it('is needed while something is not kept', () => {
    expect(wantsLoad([loaded], range, NOW)).toBe(false);
    expect(wantsLoad([loaded, agentHistory()], range, NOW)).toBe(true);
    expect(wantsLoad([agentHistory({ records: [], loadedMs: { fromMs: NOW - HOUR, toMs: NOW } })], range, NOW)).toBe(true);
    expect(wantsLoad([agentHistory({ records: [], loadedMs: { fromMs: NOW - DAY, toMs: NOW - HOUR } })], range, NOW)).toBe(true);
  });
  it('is not about the time to come', () => {
    expect(wantsLoad([loaded], { fromMs: NOW - DAY, toMs: NOW + DAY }, NOW)).toBe(false);
  });
  it('is not done again by itself where the tenant has refused, but where it could not', () => {
    expect(wantsLoad([agentHistory({ problem: 'forbidden' })], range, NOW)).toBe(false);
    expect(wantsLoad([agentHistory({ problem: 'scopeMissing' })], range, NOW)).toBe(false);
    expect(wantsLoad([agentHistory({ problem: 'offline' })], range, NOW)).toBe(true);
    expect(wantsLoad([agentHistory({ problem: 'capabilityOff' })], range, NOW)).toBe(true);
  });
});
