/** The page's side of a message. Types only from the contract: no schema library in the pages. */
import browser from 'webextension-polyfill';
import type { Answer, MessageError, MessageType, Reply, Request } from './contract.ts';
import { t } from './words.ts';

const TIMEOUT_MS = 35_000;
/** What Chrome says when the worker died under a message or was not there yet; asking once more wakes it. */
const LOST = /message (channel|port) closed|Receiving end does not exist|back\/forward cache/i;

export class MessageFailure extends Error {
  readonly code: MessageError['code'];
  readonly fix: string | undefined;
  constructor(error: MessageError) {
    super(error.message);
    this.name = 'MessageFailure';
    this.code = error.code;
    this.fix = error.fix;
  }
}

/**
 * Asks the worker and waits for its answer.
 * @throws MessageFailure with words fit for people; also when no answer came within 35 s.
 */
export async function send<T extends MessageType>(type: T, request: Request<T>): Promise<Reply<T>> {
  const envelope = { type, version: browser.runtime.getManifest().version, request };
  let answer: Answer<T> | undefined;
  try {
    answer = await once<T>(envelope);
  } catch (error) {
    if (!(error instanceof Error && LOST.test(error.message))) throw failure();
    answer = await once<T>(envelope).catch(() => undefined);
  }
  if (answer === undefined) throw failure();
  if (!answer.ok) throw new MessageFailure(answer.error);
  return answer.value;
}

function failure(): MessageFailure {
  return new MessageFailure({ code: 'failed', message: t('error_noAnswer') });
}

async function once<T extends MessageType>(envelope: object): Promise<Answer<T> | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), TIMEOUT_MS);
  });
  try {
    return await Promise.race([browser.runtime.sendMessage(envelope) as Promise<Answer<T> | undefined>, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
