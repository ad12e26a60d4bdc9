/** Messages from the pages: sender checked, unknown ignored, request checked, errors answered as words (DESIGN section 3). */
import browser from 'webextension-polyfill';
import * as z from 'zod/mini';
import { lazily } from '../domain/lazily.ts';
import {
  type Answer,
  MESSAGES,
  type MessageError,
  type MessageType,
  PAGES,
  type Page,
  type Reply,
  type Request,
} from '../messages/contract.ts';
import { type MessageKey, t } from '../messages/words.ts';
import { log } from '../storage/log.ts';

export type Handlers = { [T in MessageType]: (request: Request<T>) => Promise<Reply<T>> };

/** Thrown by a handler to answer with words of its own. */
export class Refusal extends Error {
  readonly error: MessageError;
  constructor(code: MessageError['code'], key: MessageKey) {
    super(code);
    this.error = { code, message: t(key) };
  }
}

const envelopeSchema = lazily(() => z.object({ type: z.string(), version: z.string(), request: z.unknown() }));

/**
 * @param ready what every handler waits for; the decision whether a message is ours is made at once
 * @returns a listener that returns undefined for everything that is not for us, so that it stays unanswered
 */
export function createRouter(handlers: Handlers, ready: Promise<unknown>): browser.Runtime.OnMessageListenerAsync {
  const route = (message: unknown, sender: browser.Runtime.MessageSender): Promise<unknown> | undefined => {
    const page = pageOf(sender);
    const envelope = z.safeParse(envelopeSchema(), message);
    if (!page || !envelope.success) return undefined;
    const { type, version, request } = envelope.data;
    if (!Object.hasOwn(MESSAGES, type)) return undefined;
    const known = type as MessageType;
    if (!(MESSAGES[known].from as readonly Page[]).includes(page)) return undefined;
    if (version !== browser.runtime.getManifest().version)
      return Promise.resolve(refused('versionMismatch', 'error_versionMismatch'));
    return ready.then(
      () => answer(handlers, known, request),
      () => refused('failed', 'error_failed'),
    );
  };
  // The polyfill's types know no listener that answers some messages and not others; its code does.
  return route as browser.Runtime.OnMessageListenerAsync;
}

async function answer<T extends MessageType>(handlers: Handlers, type: T, request: unknown): Promise<Answer<T>> {
  const parsed = z.safeParse(MESSAGES[type].request() as z.ZodMiniType, request);
  if (!parsed.success) return refused('invalid', 'error_invalid');
  try {
    const value = await handlers[type](parsed.data as Request<T>);
    // Our own replies are held to their schema where it costs nobody anything.
    if (__DEMO__) z.parse(MESSAGES[type].reply() as z.ZodMiniType, value);
    return { ok: true, value };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: error.error };
    await log('message-failed', { field: type, failure: error instanceof Error ? error.name : '' });
    return refused('failed', 'error_failed');
  }
}

function refused(code: MessageError['code'], key: MessageKey): { ok: false; error: MessageError } {
  return { ok: false, error: { code, message: t(key) } };
}

/** Which of our pages speaks; null for anyone else. There is no content script and no external connection, and still it is checked. */
function pageOf({ id, url }: browser.Runtime.MessageSender): Page | null {
  if (id !== browser.runtime.id || !url) return null;
  return PAGES.find((page) => url.split(/[?#]/, 1)[0] === browser.runtime.getURL(`src/pages/${page}/index.html`)) ?? null;
}
