/** Enterprise policy (`storage.managed`, DESIGN section 8): read late, kept, and never loosened by an empty answer. */
import browser from 'webextension-polyfill';
import * as z from 'zod/mini';
import { CAPABILITIES, PROFILES } from '../domain/connection.ts';
import { isAllowedAddress } from '../domain/connection-hosts.ts';
import { within } from '../domain/schemas.ts';
import { LIMITS } from '../domain/settings.ts';
import { browserStartedItem, policyGoneItem, policyItem } from './items.ts';
import { log } from './log.ts';

const text = z.string().check(z.minLength(1), z.maxLength(500));

const address = text.check(z.refine((value) => isAllowedAddress(value, __DEMO__)));

/** A change told so soon after the start of the browser may be the browser still reading. */
const SETTLED_MS = 60_000;
const KEPT_MS = 24 * 3_600_000;

/** Each key on its own: one wrong value does not undo the others. Keys the product does not use yet are not read. */
const KEYS = {
  profile: z.enum(PROFILES),
  issuer: address,
  authorizationEndpoint: address,
  tokenEndpoint: address,
  apiBaseUrl: address,
  apiPrefix: text,
  clientId: text,
  tenantId: text,
  scopes: z.array(text).check(z.minLength(1)),
  capabilities: z.array(z.enum(CAPABILITIES)),
  watchedAgentIds: z.array(text).check(z.maxLength(LIMITS.watchedAgents)),
  pollSeconds: within(LIMITS.pollSeconds),
  persistSession: z.boolean(),
  showNamesInNotifications: z.boolean(),
  retentionDays: within(LIMITS.retentionDays),
} as const;

type Values = { [K in keyof typeof KEYS]: z.infer<(typeof KEYS)[K]> };
export type Policy = Partial<Values>;

/** The policy as last read, without waiting for the browser. */
export async function policy(): Promise<Policy> {
  return valid(await policyItem.get()).policy;
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
  const { wrong } = valid(read);
  for (const field of wrong) await log('policy-value-refused', { field });
  return true;
}

function valid(read: Record<string, unknown>): { policy: Policy; wrong: string[] } {
  const policy: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const [key, schema] of Object.entries(KEYS)) {
    if (!(key in read)) continue;
    const parsed = z.safeParse(schema as z.ZodMiniType, read[key]);
    if (parsed.success) policy[key] = parsed.data;
    else wrong.push(key);
  }
  return { policy: policy as Policy, wrong };
}
