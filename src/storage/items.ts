/** Every key of `browser.storage` that the worker keeps for itself, in one place. What pages read is in `messages/published.ts`. */
import * as z from 'zod/mini';
import type { AgentId } from '../domain/agent-state.ts';
import { AUTH_FAILURES, AUTH_PHASES, type AuthStatus, SCOPE_SOURCES, SIGNED_OUT } from '../domain/auth-status.ts';
import type { Connection, ConnectionId } from '../domain/connection.ts';
import type { KnownCause } from '../domain/diagnosis/run.ts';
import { DISCOVERY_MISTAKES, type Discovered, NOT_DISCOVERED } from '../domain/discovered.ts';
import { lazily } from '../domain/lazily.ts';
import { connectionSchema, mapOf, settingsSchema } from '../domain/schemas.ts';
import { DEFAULT_SETTINGS, type Settings } from '../domain/settings.ts';
import { type Item, item } from './item.ts';

const strings = z.array(z.string());
const number = () => z.number();
const boolean = () => z.boolean();

export interface Connections {
  activeId: ConnectionId | null;
  list: Connection[];
}

export const connectionsItem: Item<Connections> = item(
  'local',
  'connections',
  lazily(() => z.object({ activeId: z.nullable(z.string()), list: z.array(connectionSchema()) })),
  { activeId: null, list: [] },
);

export const settingsItem = (id: ConnectionId): Item<Settings> =>
  item('local', `${id}/settings`, settingsSchema, DEFAULT_SETTINGS);

const authStatus = lazily(() => {
  const grantEvent = z.object({
    atMs: z.number(),
    kind: z.enum(['signIn', 'silentSignIn', 'renewal']),
    nth: z.number(),
    requested: strings,
    received: strings,
    lost: strings,
    source: z.optional(z.enum(SCOPE_SOURCES)),
  });
  return z.object({
    phase: z.enum(AUTH_PHASES),
    sinceMs: z.number(),
    failure: z.nullable(z.enum(AUTH_FAILURES)),
    grantedScopes: strings,
    effectiveScopes: strings,
    missingScopes: strings,
    organisationId: z.string(),
    // Absent in what earlier versions stored.
    tenantId: z._default(z.string(), ''),
    ledger: z.array(grantEvent),
  });
});
export const authStatusItem = (id: ConnectionId): Item<AuthStatus> => item('local', `${id}/auth`, authStatus, SIGNED_OUT);

export interface Snoozes {
  allUntilMs: number;
  agents: Record<string, number>;
}

const snoozes = lazily(() => z.object({ allUntilMs: z.number(), agents: mapOf<number>(Number.isFinite) }));
export const snoozesItem = (id: ConnectionId): Item<Snoozes> =>
  item('local', `${id}/snoozes`, snoozes, { allUntilMs: 0, agents: {} });

const metadata = lazily(() => z.object({ atMs: z.number(), issuer: z.string(), metadata: z.nullable(mapOf<unknown>()) }));
/** The provider's metadata (RFC 8414) with the time it was fetched: no secret, and of use when discovery is down. */
export const metadataItem = (
  id: ConnectionId,
): Item<{ atMs: number; issuer: string; metadata: Record<string, unknown> | null }> =>
  item('local', `${id}/metadata`, metadata, { atMs: 0, issuer: '', metadata: null });

const discovered = lazily(() =>
  z.object({
    issuer: z.string(),
    tenantId: z.string(),
    atMs: z.number(),
    apiBaseUrl: z.string(),
    uiUrl: z.string(),
    apiPrefix: z.string(),
    // Absent in what version 0.1.0 stored: its find is of no use any more.
    insteadOf: z._default(z.string(), ''),
    prefixAtMs: z._default(z.number(), 0),
    notFound: z.nullable(z.object({ mistake: z.enum(DISCOVERY_MISTAKES), where: z.string() })),
  }),
);
/** Where the tenant's API is (profile `public`), as CXone told. */
export const discoveredItem = (id: ConnectionId): Item<Discovered> =>
  item('local', `${id}/discovered`, discovered, NOT_DISCOVERED);

/** The last policy read: `storage.managed` answers seconds late after a browser start (e2e.md section 7), and an empty answer loosens nothing. */
export const policyItem: Item<Record<string, unknown>> = item(
  'local',
  'policy',
  lazily(() => mapOf<unknown>()),
  {},
);

/** Since when the browser has had no policy where there was one; 0 = it has. */
export const policyGoneItem: Item<number> = item('local', 'policyGone', number, 0);

/** About when the browser started. */
export const browserStartedItem: Item<number> = item('session', 'browserStarted', number, 0);

/** When the alert log was last looked at. */
export const alertsSeenItem = (id: ConnectionId): Item<number> => item('local', `${id}/alertsSeen`, number, 0);

/** Since when the database refuses to be written; 0 = it works. Memory only: after a browser start it is found out anew. */
export const storageFailedItem: Item<number> = item('session', 'storageFailed', number, 0);

const transaction = lazily(() =>
  z.nullable(z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), redirectUri: z.string(), atMs: z.number() })),
);
/** The transaction of a sign-in under way (auth/web-flow.ts); memory only, single use. */
export const transactionItem = (id: ConnectionId) => item('session', `${id}/transaction`, transaction, null);

/** An update waits for the last page to close. */
export const updateReadyItem: Item<boolean> = item('session', 'updateReady', boolean, false);

const causes = lazily(() => mapOf<KnownCause>());
/** What diagnoses found, by agent; '' = about the whole list. Memory only: after a browser start it is found out anew. */
export const causesItem = (id: ConnectionId): Item<Record<AgentId, KnownCause>> => item('session', `${id}/causes`, causes, {});

const backgroundRuns = lazily(() => z.array(z.object({ key: z.string(), atMs: z.number(), runId: z.string() })));
/** What was diagnosed without being asked for, lately: `key` is the symptom. */
export const backgroundRunsItem = (id: ConnectionId): Item<{ key: string; atMs: number; runId: string }[]> =>
  item('session', `${id}/backgroundRuns`, backgroundRuns, []);

const delivery = lazily(() =>
  z.object({
    problem: z.nullable(z.object({ key: z.string(), params: strings })),
    failures: z.number(),
    nextMs: z.number(),
  }),
);
/** Why sending on has failed, how often in a row, and when it is tried again; 0 = nothing waits. */
export const deliveryItem = (id: ConnectionId) =>
  item<{ problem: { key: string; params: string[] } | null; failures: number; nextMs: number }>(
    'local',
    `${id}/delivery`,
    delivery,
    { problem: null, failures: 0, nextMs: 0 },
  );

/** All that is kept of one connection under a key of its own. */
export const itemsOf = (id: ConnectionId): Pick<Item<unknown>, 'remove'>[] => [
  settingsItem(id),
  authStatusItem(id),
  snoozesItem(id),
  metadataItem(id),
  discoveredItem(id),
  alertsSeenItem(id),
  transactionItem(id),
  causesItem(id),
  backgroundRunsItem(id),
  deliveryItem(id),
];
