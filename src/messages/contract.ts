/**
 * What a page may ask the worker and what it gets back: one request and one reply schema per message.
 * Pages import only the types of this file (zod stays out of them); the worker checks both directions.
 */
import * as z from 'zod/mini';
import { CATEGORIES, type StateKind } from '../domain/agent-state.ts';
import { GRANTS, SWITCHABLE } from '../domain/connection.ts';
import type { Desk } from '../domain/desk.ts';
import type { DiagnosisRun } from '../domain/diagnosis/run.ts';
import type { AgentFigures } from '../domain/figures.ts';
import type { AgentHistory } from '../domain/history/history.ts';
import { lazily } from '../domain/lazily.ts';
import {
  connectionSchema,
  draftSchema,
  idSchema as id,
  mapOf,
  settingsSchema,
  textSchema as text,
  within,
} from '../domain/schemas.ts';
import { LIMITS } from '../domain/settings.ts';
import type { Activity } from '../domain/skill-activity.ts';
import type { Assignment, Skill } from '../domain/skills/assignment.ts';
import type { AuditEntry, AuditHead } from '../domain/skills/audit.ts';
import { type Batch, type BatchRow, DIFFS, ROW_STATES } from '../domain/skills/batch.ts';

const ms = z.number().check(z.nonnegative());

const kindShape = { category: z.enum(CATEGORIES), stateName: z.string(), reason: z.string(), skill: z.string() };
const agentRow = lazily(() =>
  z.object({
    agentId: z.string(),
    name: z.string(),
    team: z.string(),
    ...kindShape,
    sinceMs: z.number(),
    sinceKnown: z.boolean(),
    watched: z.boolean(),
    /** Since when CXone has not answered for this agent, our clock; 0 = it has. The state is then the last that was known. */
    missingSinceMs: z.number(),
  }),
);
const transition = lazily(() =>
  z.object({
    agentId: z.string(),
    from: z.nullable(z.object(kindShape)),
    to: z.object(kindShape),
    atMs: z.number(),
    gap: z.boolean(),
  }),
);

/** Made and read by the same version of the product alone: what it is made of is the compiler's business. */
const own = <T>(member: string) => z.custom<T>((value) => typeof value === 'object' && value !== null && member in value);
const diagnosisRun = own<DiagnosisRun>('agents');

/** Likewise. */
const agentHistory = z.custom<AgentHistory>((one) => typeof one === 'object' && one !== null && 'seen' in one);
/** Whose history, and from when to when: epoch ms on our clock. */
const historyQuestion = lazily(() =>
  z.object({
    agentIds: z.array(id).check(z.minLength(1), z.maxLength(LIMITS.historyAgents)),
    fromMs: ms,
    toMs: ms,
  }),
);

/** Likewise. */
const batch = own<Batch>('counts');
const batchRow = own<BatchRow>('refusals');
const index = z.int().check(z.nonnegative());
/** UTC in whole seconds, or no bound. */
const instant = z.string().check(z.regex(/^(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)?$/));
const held = lazily(() =>
  z.object({
    level: z.int(),
    availableFromAt: instant,
    availableToAt: instant,
    active: z.boolean(),
  }),
);
/** One row of a batch to be: `line` of the file from 1, 0 without one; `held` null takes the skill away. `expected`: of an undo, what was written. */
const wish = lazily(() =>
  z.object({ line: index, userId: id, skillId: id, held: z.nullable(held()), expected: z.optional(z.nullable(held())) }),
);
const page = { offset: index, limit: within({ min: 1, max: 20_000 }) };

const nothing = z.object({});
const none = z.optional(z.undefined());

/** The pages of the extension, by the folder they live in. */
export const PAGES = ['popup', 'options', 'console'] as const;
export type Page = (typeof PAGES)[number];
const anyPage: readonly Page[] = PAGES;
const optionsOnly: readonly Page[] = ['options'];
const consoleOnly: readonly Page[] = ['console'];
const popupAndConsole: readonly Page[] = ['popup', 'console'];
const consoleAndOptions: readonly Page[] = ['console', 'options'];

/**
 * The union of messages. `from`: which pages may send it; all others are ignored as if they had said nothing.
 * Every message may safely be sent twice: a page repeats one whose answer was lost with the worker.
 */
export const MESSAGES = {
  /** Ask CXone now (live mode, "retry", opening a page). Answers when the poll has ended or was not due. */
  poll: { from: anyPage, request: () => nothing, reply: () => z.object({ asked: z.boolean() }) },
  /** Build `view.glance` if the browser has just started and nothing is published yet. */
  publish: { from: anyPage, request: () => nothing, reply: () => none },
  /**
   * Opens the sign-in window. Answers at once; `view.auth` tells the rest.
   * `thenDiagnose`: the id of a diagnosis to make again when it went well, so that before and after can be compared.
   */
  signIn: { from: anyPage, request: () => z.object({ thenDiagnose: z.optional(id) }), reply: () => none },
  /** Stop waiting for a sign-in window. */
  cancelSignIn: { from: anyPage, request: () => nothing, reply: () => none },
  signOut: { from: anyPage, request: () => nothing, reply: () => none },
  /** Agents of the whole tenant whose name, id, team, skill, reason or state contains every word. `query` may be empty. */
  search: {
    from: anyPage,
    request: () => z.object({ query: text, offset: z.int().check(z.nonnegative()), limit: within({ min: 1, max: 20_000 }) }),
    reply: () => z.object({ agents: z.array(agentRow()), total: z.number() }),
  },
  /** One agent: state, and what we saw of it, the newest first (at most 100). Null when never seen. */
  agent: {
    from: anyPage,
    request: () => z.object({ agentId: id }),
    reply: () => z.object({ agent: z.nullable(agentRow()), transitions: z.array(transition()) }),
  },
  watch: {
    from: anyPage,
    request: () => z.object({ agentIds: z.array(id).check(z.maxLength(LIMITS.watchedAgents)), on: z.boolean() }),
    reply: () => none,
  },
  /** `agentId` null: all agents. `untilMs` 0 ends it. */
  snooze: { from: anyPage, request: () => z.object({ agentId: z.nullable(id), untilMs: ms }), reply: () => none },
  /**
   * Why is there no state for these agents (none named: for anybody)? Answers at once with the id of the run; `view.diagnosis` tells the rest.
   * A run under way about the same agents goes on, another one ends. `before`: the id of the run this one is to be compared with.
   */
  diagnose: {
    from: popupAndConsole,
    request: () =>
      z.object({
        agentIds: z.array(id).check(z.maxLength(LIMITS.watchedAgents)),
        before: z.optional(id),
      }),
    reply: () => z.object({ runId: z.string() }),
  },
  cancelDiagnosis: { from: popupAndConsole, request: () => nothing, reply: () => none },
  /** The last 20 diagnoses that ended, the newest first. */
  diagnoses: { from: popupAndConsole, request: () => nothing, reply: () => z.object({ runs: z.array(diagnosisRun) }) },
  /** What waits for each skill. CXone is asked at most every 30 s, and only when a page wants to know. */
  activity: { from: consoleOnly, request: () => nothing, reply: () => own<Activity>('skills') },
  /** The tenant's reasons and teams, as of the last daily look-up, and the kinds of state seen. Asks nobody. */
  desk: { from: consoleAndOptions, request: () => nothing, reply: () => own<Desk & { seen: StateKind[] }>('seen') },
  /** Seven days of one agent's work. CXone is asked for everybody's at once, when a page wants to know, and at most every quarter of an hour. */
  figures: { from: consoleOnly, request: () => z.object({ agentId: id }), reply: () => own<AgentFigures>('figures') },
  /**
   * Asks the tenant for these agents' history, page by page, as far as it is not kept yet. Answers at once; `view.history` tells the rest.
   * The same question joins the load that is under way, and goes on with one that was cut off; another question ends it.
   */
  loadHistory: { from: popupAndConsole, request: () => historyQuestion(), reply: () => z.object({ loadId: z.string() }) },
  /** What has arrived stays, and the same question goes on from there. */
  cancelHistory: { from: popupAndConsole, request: () => nothing, reply: () => none },
  /**
   * What is kept of these agents' history, and our own record: asks nobody. Times are on our clock. `skewMs`: our clock minus the
   * server's, already allowed for; 0 when within two seconds.
   */
  history: {
    from: popupAndConsole,
    request: () => historyQuestion(),
    reply: () => z.object({ agents: z.array(agentHistory), skewMs: z.number() }),
  },
  /**
   * Switches a capability of the shown connection on or off. On: its scopes are asked for now, in a sign-in window with all scopes, where
   * the tenant has scopes; it is on once the person has agreed. Answers at once; `view.auth` tells of the window, `view.history` of the
   * load that waited for it, which is made again. Refused with code `invalid` when the organisation has decided.
   */
  useCapability: {
    from: anyPage,
    request: () => z.object({ capability: z.enum(SWITCHABLE), on: z.boolean() }),
    reply: () => none,
  },
  /** Erases our own record and what is kept of the tenant's history, for the connection shown. */
  forgetHistory: { from: consoleAndOptions, request: () => nothing, reply: () => none },
  /** The batches of the connection shown, the newest first; and where their writes are delivered to. */
  batches: { from: consoleOnly, request: () => nothing, reply: () => z.object({ batches: z.array(batch) }) },
  /**
   * Plans a batch and begins its dry run; `view.batch` tells the rest. `id` is made by the page: the same message twice is one batch.
   * `undoOf`: the batch whose values these are to bring back. Refused with `invalid` when there are more rows than allowed.
   */
  planBatch: {
    from: consoleOnly,
    request: () =>
      z.object({
        id,
        name: text,
        undoOf: z.optional(id),
        rows: z.array(wish()).check(z.minLength(1), z.maxLength(LIMITS.batchRows.max)),
      }),
    reply: () => none,
  },
  /** The values a batch would bring back, to be planned as another: of verified rows, what they held before. */
  undoOf: { from: consoleOnly, request: () => z.object({ batchId: id }), reply: () => z.object({ rows: z.array(wish()) }) },
  /** Rows in the order of the file; `diffs` and `states` narrow (empty = all). `total`: how many match; `damaged`: how many cannot be told. */
  batchRows: {
    from: consoleOnly,
    request: () => z.object({ batchId: id, diffs: z.array(z.enum(DIFFS)), states: z.array(z.enum(ROW_STATES)), ...page }),
    reply: () => z.object({ rows: z.array(batchRow), total: z.number(), damaged: z.number() }),
  },
  /**
   * Begins to ask for the figures and to note a suggested level beside every row of a batch that is `ready`; `view.batch` tells the rest, and
   * `pauseBatch` ends it. Nothing is changed by it.
   */
  suggestLevels: { from: consoleOnly, request: () => z.object({ batchId: id }), reply: () => none },
  /** Another wish in place of the one of a row that is planned, while the batch is `ready`: `held` null takes away. The diff is made anew. */
  changeRows: {
    from: consoleOnly,
    request: () =>
      z.object({
        batchId: id,
        rows: z.array(z.object({ index, held: z.nullable(held()) })).check(z.maxLength(LIMITS.batchRows.max)),
      }),
    reply: () => none,
  },
  /**
   * Begins or goes on. `rows`: how many are to be written, as the user has confirmed; refused with `invalid` when there are others by now.
   * A batch that runs already goes on running.
   */
  runBatch: { from: consoleOnly, request: () => z.object({ batchId: id, rows: index }), reply: () => none },
  /** Rows that are on their way are finished. */
  pauseBatch: { from: consoleOnly, request: () => z.object({ batchId: id }), reply: () => none },
  cancelBatch: { from: consoleOnly, request: () => z.object({ batchId: id }), reply: () => none },
  /** Forgets a batch that does not run. The audit log stays. */
  dropBatch: { from: consoleOnly, request: () => z.object({ batchId: id }), reply: () => none },
  /**
   * The user's word on rows that are `conflict`, `unknown` or `failed`: `ours` plans them again with what the tenant has now as before;
   * `theirs` leaves them as they are.
   */
  decideRows: {
    from: consoleOnly,
    request: () => z.object({ batchId: id, rows: z.array(index).check(z.minLength(1)), keep: z.enum(['ours', 'theirs']) }),
    reply: () => none,
  },
  /** Skills of these users as the tenant has them now (the matrix), and all skills there are. Who could not be read is in `unread`. */
  assignments: {
    from: consoleOnly,
    request: () => z.object({ userIds: z.array(id).check(z.maxLength(LIMITS.matrixUsers)) }),
    reply: () =>
      z.object({
        skills: z.array(own<Skill>('skillId')),
        assignments: z.array(own<Assignment>('held')),
        unread: z.array(z.string()),
        /** Why nothing, or not all, could be read: a text of `_locales`; null when all went well. */
        problem: z.nullable(z.object({ key: z.string(), params: z.array(z.string()) })),
      }),
  },
  /** The audit log, the newest first. `contains` matches user, skill, batch, result, actor; '' = all. */
  audit: {
    from: consoleOnly,
    request: () => z.object({ contains: text, batchId: z.optional(id), ...page }),
    reply: () => z.object({ entries: z.array(own<AuditEntry>('hash')), total: z.number(), head: own<AuditHead>('prunedSeq') }),
  },
  /** Recomputes the whole chain. `brokenSeq`: the first entry that is not as it was written, or is missing; 0 = none. */
  verifyAudit: { from: consoleOnly, request: () => nothing, reply: () => z.object({ count: z.number(), brokenSeq: z.number() }) },
  /** Sends the verified rows of a batch to the WFM system (again). */
  deliverBatch: { from: consoleOnly, request: () => z.object({ batchId: id }), reply: () => none },
  /** The supervisor has looked at the alert log: the badge goes back to the count. */
  alertsSeen: { from: anyPage, request: () => nothing, reply: () => none },
  /** Everything the options page shows. */
  settings: {
    from: optionsOnly,
    request: () => nothing,
    reply: () =>
      z.object({
        connection: z.nullable(connectionSchema()),
        /** What another connection begins with: empty, but for what the organisation sets. */
        blank: draftSchema(),
        /** All there are, the one shown first. */
        connections: z.array(z.object({ id: z.string(), name: z.string() })),
        settings: settingsSchema(),
        /** Policy keys (DESIGN section 8) that are set by the organisation and shown locked. */
        locked: z.array(z.string()),
        redirectUri: z.string(),
        extensionId: z.string(),
        version: z.string(),
        /** Names of the watched agents by id, as far as known. */
        names: mapOf<string>((name) => typeof name === 'string'),
        /** Which ways of signing in the organisation allows; null: it says nothing. */
        grants: z.nullable(z.array(z.enum(GRANTS))),
        /** Whether the secret of a connection without a sign-in page is kept. It never comes back here. */
        secretKept: z.boolean(),
        /** Where CXone said the API is (profile `public`); '' = not asked, or not found. */
        foundApi: z.string(),
        /** The organisation has decided which tenant this is: there is no other beside it. */
        tenantFixed: z.boolean(),
        /** Whether the organisation allows writing into CXone at all, and how many rows a batch may have. */
        writes: z.object({ enabled: z.boolean(), maxRows: z.number() }),
        /** Policy values that are not in force, and why, as a text of `_locales`. Never the values. */
        refused: z.array(z.object({ key: z.string(), why: z.object({ key: z.string(), params: z.array(z.string()) }) })),
      }),
  },
  /**
   * Checked again in the worker; refused with code `invalid` when a field is wrong. `id` null: another connection, which is shown from then on.
   * Replies with the connection's id.
   */
  saveConnection: {
    from: optionsOnly,
    request: () => z.object({ draft: draftSchema(), id: z.nullable(id) }),
    reply: () => z.object({ id: z.string() }),
  },
  /** The pages show another connection; the others are polled all the same. */
  switchConnection: { from: anyPage, request: () => z.object({ id }), reply: () => none },
  /** Forget a connection with all that belongs to it: tokens, names, history. */
  removeConnection: { from: optionsOnly, request: () => z.object({ id }), reply: () => none },
  /**
   * All but the watched agents: those have `watch`, so that a page that was open for hours cannot bring old ones back.
   * `id`: whose settings; without it those of the connection shown, which may be another by now.
   */
  saveSettings: {
    from: optionsOnly,
    request: () => {
      const { watchedAgentIds: _, ...others } = settingsSchema().shape;
      return z.object({ settings: z.object(others), id: z.optional(id) });
    },
    reply: () => none,
  },
  /**
   * Keeps what a connection without a sign-in page asks with: the client's secret, or an access key (`keyId` is its id). It goes one way only.
   * Refused with code `invalid` when it is a token.
   */
  setSecret: {
    from: optionsOnly,
    request: () => z.object({ id, keyId: z.optional(text), secret: z.string().check(z.minLength(1), z.maxLength(2000)) }),
    reply: () => none,
  },
  /** Runs "Test connection" on the saved connection; progress is `view.test`. */
  testConnection: { from: optionsOnly, request: () => nothing, reply: () => none },
  /** After the page's click was granted (or refused) access to hosts. */
  hostAccessChanged: { from: anyPage, request: () => nothing, reply: () => none },
  /** Forget everything: tokens, settings, history, log. */
  erase: { from: optionsOnly, request: () => nothing, reply: () => none },
  /** The redacted log as text lines. */
  log: { from: optionsOnly, request: () => nothing, reply: () => z.object({ lines: z.array(z.string()) }) },
} as const satisfies Record<string, { from: readonly Page[]; request: () => z.ZodMiniType; reply: () => z.ZodMiniType }>;

export type Messages = typeof MESSAGES;
export type MessageType = keyof Messages;
export type Request<T extends MessageType> = z.infer<ReturnType<Messages[T]['request']>>;
export type Reply<T extends MessageType> = z.infer<ReturnType<Messages[T]['reply']>>;
export type AgentRow = z.infer<ReturnType<typeof agentRow>>;
export type TransitionRow = z.infer<ReturnType<typeof transition>>;

/** How a failed message crosses: words fit for people, never a stack. */
export interface MessageError {
  code: 'invalid' | 'busy' | 'versionMismatch' | 'noConnection' | 'failed';
  message: string;
  fix?: string;
}
export type Answer<T extends MessageType> = { ok: true; value: Reply<T> } | { ok: false; error: MessageError };
