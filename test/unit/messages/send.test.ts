import { afterEach, describe, expect, it, vi } from 'vitest';
import { MessageFailure, send } from '../../../src/messages/send.ts';
import { fakeBrowser } from '../support/fake-browser.ts';

const LOST = [
  'Could not establish connection. Receiving end does not exist.',
  'A listener indicated an asynchronous response by returning true, but the message channel closed before a response was received',
  'The message port closed before a response was received.',
  'The page keeping the extension port is moved into back/forward cache, so the message channel is closed.',
];
const words = 'Agent Watch did not answer. Close and open this page; if it happens again, restart the browser.';
const sending = () => vi.spyOn(fakeBrowser.runtime, 'sendMessage');
const failureOf = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  if (!(error instanceof MessageFailure)) throw new Error(`not a MessageFailure: ${String(error)}`);
  return error;
};
afterEach(() => vi.useRealTimers());

describe('a message', () => {
  it('carries its type, the page’s version and the request, and brings back the value', async () => {
    const sent = sending().mockResolvedValue({ ok: true, value: { asked: true } });
    expect(await send('poll', {})).toEqual({ asked: true });
    expect(sent.mock.calls).toEqual([[{ type: 'poll', version: fakeBrowser.runtime.getManifest().version, request: {} }]]);
  });

  it('that was refused throws the worker’s words', async () => {
    sending().mockResolvedValue({ ok: false, error: { code: 'noConnection', message: 'There is none.', fix: 'openOptions' } });
    expect(await failureOf(send('signIn', {}))).toMatchObject({
      code: 'noConnection',
      message: 'There is none.',
      fix: 'openOptions',
    });
  });

  it.each(LOST)('lost with the worker (%s) is sent once more', async (message) => {
    const sent = sending()
      .mockRejectedValueOnce(new Error(message))
      .mockResolvedValue({ ok: true, value: { asked: false } });
    expect(await send('poll', {})).toEqual({ asked: false });
    expect(sent).toHaveBeenCalledTimes(2);
    expect(sent.mock.calls[0]).toEqual(sent.mock.calls[1]);
  });

  it('lost twice is told, and not sent a third time', async () => {
    const sent = sending().mockRejectedValue(new Error(LOST[0]));
    expect(await failureOf(send('poll', {}))).toMatchObject({ code: 'failed', message: words });
    expect(sent).toHaveBeenCalledTimes(2);
  });

  it('that failed in another way, or that nobody took, is told at once', async () => {
    const sent = sending().mockRejectedValueOnce(new Error('Extension context invalidated.'));
    expect(await failureOf(send('erase', {}))).toMatchObject({ code: 'failed', message: words });
    sent.mockRejectedValueOnce('not even an error');
    expect(await failureOf(send('erase', {}))).toMatchObject({ message: words });
    sent.mockResolvedValueOnce(undefined);
    expect(await failureOf(send('erase', {}))).toMatchObject({ message: words });
    expect(sent).toHaveBeenCalledTimes(3);
  });

  it('without an answer ends after 35 s, in words, and leaves no timer', async () => {
    vi.useFakeTimers();
    sending().mockReturnValue(new Promise(() => {}));
    const ended = failureOf(send('poll', {}));
    await vi.advanceTimersByTimeAsync(34_999);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await ended).toMatchObject({ code: 'failed', message: words });
    expect(vi.getTimerCount()).toBe(0);
    sending().mockResolvedValue({ ok: true, value: { asked: true } });
    await send('poll', {});
    expect(vi.getTimerCount()).toBe(0);
  });
});
