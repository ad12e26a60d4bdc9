/**
 * What a page may ask the worker and what it gets back: one request and one reply schema per message.
 * Pages import only the types of this file (zod stays out of them); the worker checks both directions.
 */
import * as z from 'zod/mini';
import { CATEGORIES } from '../domain/agent-state.ts';
import { connectionSchema, draftSchema, idSchema as id, settingsSchema, textSchema as text, within } from '../domain/schemas.ts';
import { LIMITS } from '../domain/settings.ts';

const ms = z.number().check(z.nonnegative());

const kindShape = { category: z.enum(CATEGORIES), stateName: z.string(), reason: z.string(), skill: z.string() };
const agentRow = z.object({
  agentId: z.string(),
  name: z.string(),
  team: z.string(),
  ...kindShape,
  sinceMs: z.number(),
  sinceKnown: z.boolean(),
  watched: z.boolean(),
});
const transition = z.object({
  agentId: z.string(),
  from: z.nullable(z.object(kindShape)),
  to: z.object(kindShape),
  atMs: z.number(),
  gap: z.boolean(),
});

const nothing = z.object({});
const none = z.optional(z.undefined());

/** The pages of the extension, by the folder they live in. */
export const PAGES = ['popup', 'options', 'console'] as const;
export type Page = (typeof PAGES)[number];
const anyPage: readonly Page[] = PAGES;
const optionsOnly: readonly Page[] = ['options'];

/**
 * The union of messages. `from`: which pages may send it; all others are ignored as if they had said nothing.
 * Every message may safely be sent twice: a page repeats one whose answer was lost with the worker.
 */
export const MESSAGES = {
  /** Ask CXone now (live mode, "retry", opening a page). Answers when the poll has ended or was not due. */
  poll: { from: anyPage, request: nothing, reply: z.object({ asked: z.boolean() }) },
  /** Build `view.glance` if the browser has just started and nothing is published yet. */
  publish: { from: anyPage, request: nothing, reply: none },
  /** Opens the sign-in window. Answers at once; `view.auth` tells the rest. */
  signIn: { from: anyPage, request: nothing, reply: none },
  /** Stop waiting for a sign-in window. */
  cancelSignIn: { from: anyPage, request: nothing, reply: none },
  signOut: { from: anyPage, request: nothing, reply: none },
  /** Agents of the whole tenant whose name, id, team, skill, reason or state contains every word. `query` may be empty. */
  search: {
    from: anyPage,
    request: z.object({ query: text, offset: z.int().check(z.nonnegative()), limit: within({ min: 1, max: 20_000 }) }),
    reply: z.object({ agents: z.array(agentRow), total: z.number() }),
  },
  /** One agent: state, and what we saw of it, the newest first (at most 100). Null when never seen. */
  agent: {
    from: anyPage,
    request: z.object({ agentId: id }),
    reply: z.object({ agent: z.nullable(agentRow), transitions: z.array(transition) }),
  },
  watch: {
    from: anyPage,
    request: z.object({ agentIds: z.array(id).check(z.maxLength(LIMITS.watchedAgents)), on: z.boolean() }),
    reply: none,
  },
  /** `agentId` null: all agents. `untilMs` 0 ends it. */
  snooze: { from: anyPage, request: z.object({ agentId: z.nullable(id), untilMs: ms }), reply: none },
  /** The supervisor has looked at the alert log: the badge goes back to the count. */
  alertsSeen: { from: anyPage, request: nothing, reply: none },
  /** Everything the options page shows. */
  settings: {
    from: optionsOnly,
    request: nothing,
    reply: z.object({
      connection: z.nullable(connectionSchema),
      settings: settingsSchema,
      /** Policy keys (DESIGN section 8) that are set by the organisation and shown locked. */
      locked: z.array(z.string()),
      redirectUri: z.string(),
      extensionId: z.string(),
      version: z.string(),
      /** Names of the watched agents by id, as far as known. */
      names: z.record(z.string(), z.string()),
    }),
  },
  /** Checked again in the worker; refused with code `invalid` when a field is wrong. Replies with the connection's id. */
  saveConnection: { from: optionsOnly, request: z.object({ draft: draftSchema }), reply: z.object({ id: z.string() }) },
  /** All but the watched agents: those have `watch`, so that a page that was open for hours cannot bring old ones back. */
  saveSettings: {
    from: optionsOnly,
    request: z.object({ settings: z.omit(settingsSchema, { watchedAgentIds: true }) }),
    reply: none,
  },
  /** Runs "Test connection" on the saved connection; progress is `view.test`. */
  testConnection: { from: optionsOnly, request: nothing, reply: none },
  /** After the page's click was granted (or refused) access to hosts. */
  hostAccessChanged: { from: anyPage, request: nothing, reply: none },
  /** Forget everything: tokens, settings, history, log. */
  erase: { from: optionsOnly, request: nothing, reply: none },
  /** The redacted log as text lines. */
  log: { from: optionsOnly, request: nothing, reply: z.object({ lines: z.array(z.string()) }) },
} as const satisfies Record<string, { from: readonly Page[]; request: z.ZodMiniType; reply: z.ZodMiniType }>;

export type Messages = typeof MESSAGES;
export type MessageType = keyof Messages;
export type Request<T extends MessageType> = z.infer<Messages[T]['request']>;
export type Reply<T extends MessageType> = z.infer<Messages[T]['reply']>;
export type AgentRow = z.infer<typeof agentRow>;
export type TransitionRow = z.infer<typeof transition>;

/** How a failed message crosses: words fit for people, never a stack. */
export interface MessageError {
  code: 'invalid' | 'busy' | 'versionMismatch' | 'noConnection' | 'failed';
  message: string;
  fix?: string;
}
export type Answer<T extends MessageType> = { ok: true; value: Reply<T> } | { ok: false; error: MessageError };
