/** Enterprise policy (`storage.managed`, DESIGN section 8): read late, kept, and never loosened by an empty answer. */
import browser from 'webextension-polyfill';
import { type ConfigValues, checkConfig, forbiddenBy, IDLE_KEYS, type Refused } from '../domain/config-file.ts';
import { browserStartedItem, policyGoneItem, policyItem } from './items.ts';
import { log } from './log.ts';

/** A change told so soon after the start of the browser may be the browser still reading. */
const SETTLED_MS = 60_000;
const KEPT_MS = 24 * 3_600_000;
const IDLE: readonly string[] = IDLE_KEYS;

/** Keys the product does not use yet are not read. */
export type Policy = Omit<ConfigValues, (typeof IDLE_KEYS)[number]>;

/** The policy as last read, without waiting for the browser. */
export async function policy(): Promise<Policy> {
  return (await wholePolicy()).policy;
}

/** The same, and what of it is refused, and why; never the values. */
export async function wholePolicy(): Promise<{ policy: Policy; refused: Refused[] }> {
  return valid(await policyItem.get());
}

/**
 * Asks the browser and keeps the answer. May take seconds after a browser start: never await it where somebody waits.
 * No policy where there was one may be slowness or a damaged file: what was read last stays in force for a day, unless the browser
 * says in the middle of a session that it was taken away.
 * @param changed the browser has just told of a change
 * @returns whether anything changed
 */
export async function refreshPolicy(changed: boolean): Promise<boolean> {
  let read: Record<string, unknown>;
  try {
    read = await browser.storage.managed.get();
  } catch {
    return false;
  }
  const before = await policyItem.get();
  const gone = Object.keys(read).length === 0;
  if (gone && Object.keys(before).length === 0) return false;
  const nowMs = Date.now();
  const startedMs = await browserStartedItem.update((since) => since || nowMs);
  if (gone && !(changed && nowMs - startedMs > SETTLED_MS)) {
    const since = await policyGoneItem.update((at) => at || nowMs);
    if (nowMs - since < KEPT_MS) return false;
  }
  await policyGoneItem.update(() => 0);
  if (JSON.stringify(before) === JSON.stringify(read)) return false;
  await policyItem.update(() => read);
  for (const { key } of valid(read).refused) await log('policy-value-refused', { field: key });
  return true;
}

/** Each key on its own: one wrong value does not undo the others, nor does it allow what it may have been meant to forbid. */
function valid(read: Record<string, unknown>): { policy: Policy; refused: Refused[] } {
  const known = Object.fromEntries(Object.entries(read).filter(([key]) => !IDLE.includes(key)));
  const { values, refused } = checkConfig(known, __DEMO__);
  return { policy: { ...values, ...forbiddenBy(known, refused) }, refused };
}
