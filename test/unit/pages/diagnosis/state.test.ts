import { beforeEach, describe, expect, it, vi } from 'vitest';

const send = vi.hoisted(() => vi.fn());
vi.mock('../../../../src/messages/send.ts', () => ({ send }));

import { asking, askWhy, awaitNext, followDiagnoses, kept, shown } from '../../../../src/pages/console/diagnosis/state.ts';
import { go, route } from '../../../../src/pages/console/route.ts';
import { diagnosis, glance as glanceSignal } from '../../../../src/pages/parts/store.ts';
import { parseRoute } from '../../../../src/pages/parts/where.ts';
import { glance } from '../rows.ts';
import { diagnosisRun } from './made.ts';

const settled = () => new Promise((resolve) => setTimeout(resolve));
/** As the worker answers, until a test says otherwise. */
let answers: Record<string, (request: { agentIds: string[] }) => unknown>;

/** The user goes somewhere: the address changes and the page follows. */
function visit(hash: string): void {
  location.hash = hash;
  route.value = parseRoute(hash);
}

beforeEach(() => {
  vi.stubGlobal('location', { hash: '' });
  vi.stubGlobal('history', {
    state: null,
    replaceState: (_state: unknown, _title: string, hash: string) => {
      location.hash = hash;
    },
  });
  answers = { diagnose: () => ({ runId: 'r1' }), diagnoses: () => ({ runs: [] }) };
  send.mockReset();
  send.mockImplementation(async (type: string, request: { agentIds: string[] }) => answers[type]?.(request));
  glanceSignal.value = glance();
  diagnosis.value = null;
  kept.value = null;
  visit('#room=diagnosis');
});

const questions = () => send.mock.calls.filter(([type]) => type === 'diagnose').map(([, request]) => request);

describe('an address that asks', () => {
  it('asks once, and is the address of the answer afterwards: a reload asks nothing', async () => {
    visit('#room=diagnosis&agent=a1&ask=1');
    const stop = followDiagnoses();
    await settled();
    stop();
    expect(questions()).toEqual([{ agentIds: ['a1'] }]);
    expect(parseRoute(location.hash)).toEqual({ room: 'diagnosis', agent: 'a1', run: 'r1', ask: false });
  });
  it('leaves "ask" behind before the worker has answered', () => {
    answers.diagnose = () => new Promise(() => undefined);
    visit('#room=diagnosis&agent=a1&ask=1');
    followDiagnoses()();
    expect(parseRoute(location.hash).ask).toBe(false);
    expect(asking.value).toBe(true);
    expect(shown.value).toEqual({ kind: 'opening' });
  });
  it('asks about the list where it names nobody', async () => {
    visit('#room=diagnosis&ask=1');
    const stop = followDiagnoses();
    await settled();
    stop();
    expect(questions()).toEqual([{ agentIds: [] }]);
  });
});

describe('a question', () => {
  it('says why it could not be asked, until one goes elsewhere', async () => {
    answers.diagnose = () => {
      throw new Error('No connection');
    };
    await askWhy(['a1']);
    expect(shown.value).toEqual({ kind: 'notStarted', agentIds: ['a1'], error: 'No connection' });
    visit('#room=diagnosis');
    expect(shown.value).toEqual({ kind: 'start' });
  });
  it('does not drag back whoever has gone elsewhere meanwhile', async () => {
    const asked = askWhy(['a1']);
    visit('#room=wallboard');
    await asked;
    expect(location.hash).toBe('#room=wallboard');
  });
  it('tells what it is to be compared with', async () => {
    await askWhy(['a1', 'a2'], 'r0');
    expect(questions()).toEqual([{ agentIds: ['a1', 'a2'], before: 'r0' }]);
    expect(parseRoute(location.hash)).toMatchObject({ agent: null, run: 'r1' });
  });
});

describe('what is shown', () => {
  it('is never a run of another connection', () => {
    kept.value = [];
    visit('#room=diagnosis&agent=a1');
    diagnosis.value = diagnosisRun();
    expect(shown.value.kind).toBe('agent');
    diagnosis.value = diagnosisRun({ connectionId: 'another' });
    expect(shown.value.kind).toBe('nothing');
  });
  it('is the run that follows a sign-in by itself, in place of the one it was for', async () => {
    const first = diagnosisRun();
    diagnosis.value = first;
    go({ room: 'diagnosis', agent: 'a1', run: 'r1' });
    visit(location.hash);
    const stop = followDiagnoses();
    awaitNext(first);
    diagnosis.value = diagnosisRun({ id: 'other', startedMs: Date.now() + 1 }, ['a9']);
    expect(parseRoute(location.hash).run).toBe('r1');
    diagnosis.value = diagnosisRun({ id: 'r2', startedMs: Date.now() + 1 });
    expect(parseRoute(location.hash)).toMatchObject({ agent: 'a1', run: 'r2' });
    diagnosis.value = diagnosisRun({ id: 'r3', startedMs: Date.now() + 2 });
    expect(parseRoute(location.hash).run).toBe('r2');
    await settled();
    stop();
  });
  it('reads what is kept anew when a run has ended', async () => {
    const stop = followDiagnoses();
    diagnosis.value = diagnosisRun({ status: 'running' });
    await settled();
    const read = () => send.mock.calls.filter(([type]) => type === 'diagnoses').length;
    const before = read();
    diagnosis.value = diagnosisRun();
    await settled();
    expect(read()).toBe(before + 1);
    stop();
  });
});
