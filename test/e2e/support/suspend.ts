import type { BrowserContext } from '@playwright/test';

const BINDING = '__stopWorker';

/**
 * Kills the worker before every message that a page of the extension sends: the harshest way for it to meet a page, and one that Chrome
 * allows itself at any time. Pages must not notice. Switched on by SUSPEND=1.
 */
export async function suspendBeforeEveryMessage(context: BrowserContext, stop: () => Promise<void>): Promise<void> {
  await context.exposeBinding(BINDING, () => stop());
  await context.addInitScript((binding) => {
    if (location.protocol !== 'chrome-extension:') return;
    type Api = { runtime?: { sendMessage?: (...args: unknown[]) => unknown } } | undefined;
    const globals = globalThis as unknown as { chrome?: Api; browser?: Api } & Record<string, () => Promise<void>>;
    // Chromium 156 has both names, and they need not share an object.
    for (const runtime of new Set([globals.chrome?.runtime, globals.browser?.runtime])) {
      const send = runtime?.sendMessage;
      if (!runtime || !send) continue;
      runtime.sendMessage = async (...args: unknown[]) => {
        await globals[binding]?.();
        return send.apply(runtime, args);
      };
    }
  }, BINDING);
}
