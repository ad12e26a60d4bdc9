import type { BrowserContext } from '@playwright/test';

const BINDING = '__stopWorker';
/** A sign-in is answered before it has begun. */
const SIGN_IN_BEGINS_MS = 1_500;

/**
 * Kills the worker before every message that a page of the extension sends: the harshest way for it to meet a page, and one that Chrome
 * allows itself at any time. Pages must not notice. Switched on by SUSPEND=1. Spared is a sign-in with its window open: it dies with its
 * worker, as Chrome has it, and sign-in.spec.ts has a test of its own for that.
 */
export async function suspendBeforeEveryMessage(
  context: BrowserContext,
  stop: () => Promise<void>,
  isSigningIn: () => Promise<boolean>,
): Promise<void> {
  let turn: Promise<unknown> = Promise.resolve();
  let spareUntilMs = 0;
  await context.exposeBinding(BINDING, (_source, type: string) => {
    // One kill after the other: two at once would hit what the first one's message has just started.
    turn = turn.then(async () => {
      const spared = Date.now() < spareUntilMs || (await isSigningIn());
      if (type === 'signIn') spareUntilMs = Date.now() + SIGN_IN_BEGINS_MS;
      if (!spared) await stop();
    });
    return turn;
  });
  await context.addInitScript((binding) => {
    if (location.protocol !== 'chrome-extension:') return;
    type Api = { runtime?: { sendMessage?: (...args: unknown[]) => unknown } } | undefined;
    const globals = globalThis as unknown as { chrome?: Api; browser?: Api } & Record<string, (type: string) => Promise<void>>;
    // Chromium 156 has both names, and they need not share an object.
    for (const runtime of new Set([globals.chrome?.runtime, globals.browser?.runtime])) {
      const send = runtime?.sendMessage;
      if (!runtime || !send) continue;
      runtime.sendMessage = async (...args: unknown[]) => {
        await globals[binding]?.(String((args[0] as { type?: unknown } | undefined)?.type));
        return send.apply(runtime, args);
      };
    }
  }, BINDING);
}
