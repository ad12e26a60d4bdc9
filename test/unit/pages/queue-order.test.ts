import { describe, expect, it } from 'vitest';
import type { SkillActivity } from '../../../src/domain/skill-activity.ts';
import { MOST, SHORT, shortList, sortQueues, summaryOf } from '../../../src/pages/console/wallboard/queue-order.ts';

const MINUTE = 60_000;
const queue = (skillId: string, over: Partial<SkillActivity> = {}): SkillActivity => ({
  skillId,
  name: `Queue ${skillId}`,
  queueCount: 0,
  longestWaitMs: null,
  serviceLevel: 90,
  agentsAvailable: 2,
  agentsWorking: 1,
  agentsUnavailable: 0,
  agentsAcw: 0,
  agentsIdle: 0,
  agentsLoggedIn: 3,
  ...over,
});
const ids = (queues: readonly SkillActivity[]) => queues.map(({ skillId }) => skillId).join(' ');

describe('the order of queues', () => {
  it('is the longest wait, then how many wait, then the name as people read it', () => {
    const queues = [
      queue('10'),
      queue('9'),
      queue('few', { queueCount: 1, longestWaitMs: MINUTE }),
      queue('untimed', { queueCount: 5 }),
      queue('many', { queueCount: 3, longestWaitMs: MINUTE }),
      queue('long', { queueCount: 1, longestWaitMs: 4 * MINUTE }),
      queue('unsaid', { queueCount: null, name: 'Queue 11' }),
    ];
    expect(ids(sortQueues(queues))).toBe('long many few untimed 9 10 unsaid');
    expect(ids(sortQueues(queues.reverse()))).toBe('long many few untimed 9 10 unsaid');
  });
  it('never jumps where all is equal', () => {
    const same = [queue('b', { name: 'Same' }), queue('a', { name: 'Same' })];
    expect(ids(sortQueues(same))).toBe('a b');
    expect(ids(sortQueues(same.reverse()))).toBe('a b');
  });
});

describe('the short list', () => {
  const long = Array.from({ length: SHORT + 4 }, (_, index) => queue(String(index)));
  it('is the first few, and everything on demand', () => {
    expect(shortList(long, false)).toHaveLength(SHORT);
    expect(shortList(long, true)).toHaveLength(SHORT + 4);
  });
  it('hides nothing for one row more', () => {
    expect(shortList(long.slice(0, SHORT + 1), false)).toHaveLength(SHORT + 1);
  });
  it('holds those where somebody waits and nobody is available, within reason', () => {
    const needy = queue('needy', { queueCount: 1, agentsAvailable: 0 });
    expect(ids(shortList([...long, needy], false))).toBe(`${ids(long.slice(0, SHORT))} needy`);
    expect(
      shortList(
        Array.from({ length: 40 }, () => needy),
        false,
      ),
    ).toHaveLength(MOST);
  });
});

describe('the summary', () => {
  it('adds up who waits, and counts where nobody is available', () => {
    const queues = [
      queue('1', { queueCount: 4, longestWaitMs: 2 * MINUTE, agentsAvailable: 0 }),
      queue('2', { queueCount: 3, longestWaitMs: 5 * MINUTE }),
      queue('3', { agentsAvailable: 0 }),
    ];
    expect(summaryOf(queues)).toEqual({ waiting: 7, longestWaitMs: 5 * MINUTE, unserved: 1 });
  });
  it('takes what is not said for neither none nor nobody', () => {
    const queues = [queue('1', { queueCount: 2, agentsAvailable: null }), queue('2', { queueCount: null, agentsAvailable: 0 })];
    expect(summaryOf(queues)).toEqual({ waiting: 2, longestWaitMs: null, unserved: 0 });
  });
});
