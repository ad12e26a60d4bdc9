/** The schemas of what is both stored and sent: the worker checks with them, pages never import this file (zod stays out of them). */
import * as z from 'zod/mini';
import { CATEGORIES } from './agent-state.ts';
import { CAPABILITIES, GRANTS, PROFILES, VOCABULARIES } from './connection.ts';
import { lazily } from './lazily.ts';
import { DEFAULT_SETTINGS, LIMITS, RULE_KINDS } from './settings.ts';

export const idSchema = z.string().check(z.minLength(1), z.maxLength(200));
export const textSchema = z.string().check(z.maxLength(500));
export const within = ({ min, max }: { min: number; max: number }) => z.int().check(z.minimum(min), z.maximum(max));

/** Every member passes: all there is to be said of an object used as a map, in a quarter of the code of `z.record`. */
export const mapOf = <V>(passes: (value: unknown) => boolean = () => true) =>
  z.custom<Record<string, V>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(passes),
  );
const clock = z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/));

const ruleSchema = lazily(() =>
  z.object({
    id: idSchema,
    kind: z.enum(RULE_KINDS),
    enabled: z.boolean(),
    categories: z.array(z.enum(CATEGORIES)),
    reasons: z.array(textSchema).check(z.maxLength(50)),
    minutes: within({ min: 0, max: LIMITS.ruleMinutes.max }),
  }),
);

const share = z.number().check(z.minimum(0), z.maximum(1));
const levelRule = lazily(() =>
  z.object({
    five: z.object({ efficiency: share, resolution: share }),
    four: z.object({ efficiency: share, resolution: share }),
    three: z.object({ efficiency: share }),
    none: within({ min: 1, max: 5 }),
  }),
);

export const settingsSchema = lazily(() =>
  z.object({
    watchedAgentIds: z.array(idSchema).check(z.maxLength(LIMITS.watchedAgents)),
    rules: z.array(ruleSchema()).check(z.maxLength(LIMITS.rules)),
    quietHours: z.object({ enabled: z.boolean(), from: clock, to: clock, days: z.array(within({ min: 0, max: 6 })) }),
    pollSeconds: within(LIMITS.pollSeconds),
    showNamesInNotifications: z.boolean(),
    stayUntilDismissed: z.boolean(),
    retentionDays: within(LIMITS.retentionDays),
    persistSession: z.boolean(),
    // Settings stored before there were batches have none of these.
    batchConcurrency: z._default(within(LIMITS.batchConcurrency), DEFAULT_SETTINGS.batchConcurrency),
    levelRule: z._default(levelRule(), DEFAULT_SETTINGS.levelRule),
    auditUrl: z._default(textSchema, ''),
    wfmUrl: z._default(textSchema, ''),
  }),
);

const draftShape = () => ({
  name: textSchema,
  profile: z.enum(PROFILES),
  // Connections stored before there was a choice have none.
  grant: z._default(z.enum(GRANTS), 'authorizationCode'),
  issuer: textSchema,
  authorizationEndpoint: textSchema,
  tokenEndpoint: textSchema,
  apiBaseUrl: textSchema,
  apiPrefix: textSchema,
  clientId: textSchema,
  tenantId: textSchema,
  vocabulary: z.enum(VOCABULARIES),
  scopes: z.array(textSchema).check(z.maxLength(50)),
  capabilities: z.array(z.enum(CAPABILITIES)),
});
export const draftSchema = lazily(() => z.object(draftShape()));
export const connectionSchema = lazily(() => z.object({ ...draftShape(), id: idSchema }));
