import { beforeEach, describe, expect, it, vi } from 'vitest';

const send = vi.hoisted(() => vi.fn());
vi.mock('../../../../src/messages/send.ts', () => ({ send }));

import type { AgentHistory } from '../../../../src/domain/history/history.ts';
import {
  again,
  followHistory,
  lanes,
  load,
  loadError,
  question,
  readError,
  refresh,
} from '../../../../src/pages/console/history/state.ts';
import { route } from '../../../../src/pages/console/route.ts';
import { now } from '../../../../src/pages/parts/clock.ts';
import { glance as glanceSignal, historyLoad as published } from '../../../../src/pages/parts/store.ts';
import { parseRoute } from '../../../../src/pages/parts/where.ts';
import { glance, MINUTE, NOW } from '../rows.ts';
import { agentHistory, agentLoad, historyLoad } from './made.ts';

interface Asked {
  agentIds: string[];
  fromMs: number;
  toMs: number;
}
/** As the worker answers, until a test says otherwise. */
let known: (agentId: string, asked: Asked) => AgentHistory;
let stop = () => {};

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const asked = (type: string) => send.mock.calls.filter(([each]) => each === type).map(([, request]) => request as Asked);

/** The user goes somewhere. */
async function visit(hash: string): Promise<void> {
  route.value = parseRoute(hash);
  await settled();
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  now.value = NOW;
  known = (agentId) => agentHistory({ agentId });
  send.mockReset();
  send.mockImplementation(async (type: string, request: Asked) => {
    if (type === 'history') return { agents: request.agentIds.map((id) => known(id, request)), skewMs: 0 };
    return { loadId: 'l1' };
  });
  stop();
  published.value = null;
  route.value = parseRoute('#room=history');
  glanceSignal.value = glance();
  stop = followHistory();
});

describe('a question', () => {
  it('is shown from what is kept, agent by agent, and the rest is asked for once', async () => {
    await visit('#room=history&agent=a1&agents=a2');
    expect(asked('history').map(({ agentIds }) => agentIds)).toEqual([['a1'], ['a2']]);
    expect(asked('loadHistory')).toEqual([{ agentIds: ['a1', 'a2'], fromMs: NOW - 86_400_000, toMs: NOW }]);
    expect(lanes.value.map(({ lane }) => lane?.source)).toEqual(['none', 'none']);
  });
  it('asks nobody where all of it is kept', async () => {
    known = (agentId, { fromMs, toMs }) => agentHistory({ agentId, records: [], loadedMs: { fromMs, toMs } });
    await visit('#room=history&agent=a1');
    expect(asked('history')).toHaveLength(1);
    expect(asked('loadHistory')).toEqual([]);
  });
  it('joins the load of the same that is under way, and asks for none', async () => {
    published.value = historyLoad({ fromMs: NOW - 86_400_000 - MINUTE, toMs: NOW - MINUTE, startedMs: NOW - MINUTE });
    await visit('#room=history&agent=a1');
    expect(question.value?.toMs).toBe(NOW - MINUTE);
    expect(load.value?.id).toBe('l1');
    expect(asked('loadHistory')).toEqual([]);
  });
  it('goes on with a load that was interrupted', async () => {
    published.value = historyLoad({ status: 'interrupted' });
    await visit('#room=history&agent=a1');
    expect(asked('loadHistory')).toEqual([{ agentIds: ['a1'], fromMs: NOW - 86_400_000, toMs: NOW }]);
  });
  it('does not go on by itself with one that was cancelled', async () => {
    published.value = historyLoad({ status: 'cancelled' });
    await visit('#room=history&agent=a1');
    expect(load.value?.status).toBe('cancelled');
    expect(asked('loadHistory')).toEqual([]);
  });
  it('never takes the load of another connection for its own', async () => {
    published.value = historyLoad({ connectionId: 'elsewhere' });
    await visit('#room=history&agent=a1');
    expect(load.value).toBeNull();
    expect(asked('loadHistory')).toHaveLength(1);
  });
  it('is read again for the agent whose page has come, and for nobody else', async () => {
    await visit('#room=history&agent=a1&agents=a2');
    send.mockClear();
    const agents = [agentLoad({ agentId: 'a1', pages: 1, records: 1000 }), agentLoad({ agentId: 'a2', status: 'waiting' })];
    published.value = historyLoad({ agentIds: ['a1', 'a2'], agents });
    await settled();
    expect(asked('history').map(({ agentIds }) => agentIds)).toEqual([['a1']]);
    published.value = historyLoad({ agentIds: ['a1', 'a2'], agents, updatedMs: NOW + 1000 });
    await settled();
    expect(asked('history')).toHaveLength(1);
  });
  it('is another one with another address, and only then', async () => {
    await visit('#room=history&agent=a1');
    send.mockClear();
    await visit('#room=history&agent=a1');
    expect(send).not.toHaveBeenCalled();
    await visit('#room=history&agent=a1&range=7d');
    expect(asked('loadHistory')).toHaveLength(1);
    expect(question.value?.range).toBe('7d');
  });
  it('drops what belongs to the question before', async () => {
    const waiting: ((problem: 'forbidden' | null) => void)[] = [];
    send.mockImplementation(
      () =>
        new Promise((resolve) => {
          waiting.push((problem) => resolve({ agents: [agentHistory({ agentId: 'a1', problem })], skewMs: 0 }));
        }),
    );
    await visit('#room=history&agent=a1');
    await visit('#room=history&agent=a1&range=7d');
    waiting[0]?.('forbidden');
    await settled();
    expect(lanes.value).toEqual([{ agentId: 'a1', lane: null }]);
    waiting[1]?.(null);
    await settled();
    expect(lanes.value[0]?.lane?.problem).toBeNull();
    waiting[2]?.(null);
    await settled();
  });
});

describe('up to now', () => {
  it('asks anew and keeps on screen what is there', async () => {
    await visit('#room=history&agent=a1');
    vi.setSystemTime(NOW + 5 * MINUTE);
    send.mockClear();
    refresh();
    expect(question.value?.toMs).toBe(NOW + 5 * MINUTE);
    expect(lanes.value[0]?.lane).not.toBeNull();
    await settled();
    expect(asked('loadHistory')).toMatchObject([{ toMs: NOW + 5 * MINUTE }]);
  });
});

describe('what went wrong here', () => {
  it('is said, and asked again by a click', async () => {
    send.mockRejectedValueOnce(new Error('No answer'));
    await visit('#room=history&agent=a1');
    expect(readError.value).toBe('No answer');
    again();
    await settled();
    expect(readError.value).toBe('');
    expect(lanes.value[0]?.lane).not.toBeNull();
    expect(asked('loadHistory')).toHaveLength(1);
  });
  it('is said of the tenant apart', async () => {
    send.mockImplementation(async (type: string, { agentIds }: Asked) => {
      if (type !== 'history') throw new Error('Refused');
      return { agents: agentIds.map((id) => known(id, { agentIds, fromMs: 0, toMs: 0 })), skewMs: 0 };
    });
    await visit('#room=history&agent=a1');
    expect(loadError.value).toBe('Refused');
    expect(lanes.value[0]?.lane).not.toBeNull();
  });
});
