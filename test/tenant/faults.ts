/** Faults on demand: which there are, which are active, and when one has done its duty. */
import { HttpError } from './http.ts';
import { PUBLIC_FAULT_KINDS } from './public-fault-kinds.ts';
import { SKILL_FAULT_KINDS } from './skill-fault-kinds.ts';

type Side = 'token' | 'provider' | 'api' | 'rows' | 'clock' | 'skills' | 'public';

/** Every kind of fault: where it acts, and a sentence for people, with its parameters. */
export const FAULT_KINDS = {
  scopeDroppedAtSignIn: ['token', 'scopes: lost when a code is redeemed, and by every refresh that follows from that sign-in'],
  scopeDroppedOnRefresh: ['token', 'nth (1), scopes: lost from the n-th refresh on, though asked for'],
  scopeEmpty: ['token', 'the token carries no scope and the answer says scope ""'],
  scopeAbsentInResponse: ['token', 'the answer has no member "scope"; the token is whole'],
  scopeWidened: ['token', 'scopes: given though nobody asked'],
  scopeReordered: ['token', 'the same scopes in reverse order'],
  invalidGrant: ['token', '400 invalid_grant; on (refresh): refresh | code | any'],
  refusedBare: ['token', 'status (400): 400, 401 or 403 with an empty body; on (refresh)'],
  noRefreshTokenInAnswer: ['token', 'no rotation: the answer to a refresh has no refresh_token, the old one stays good'],
  opaqueToken: ['token', 'access tokens are no JWTs: only introspection tells what they carry'],
  tokenFields: ['token', 'patch: members of the answer replaced; "__delete__" removes one; on (any)'],
  tokenStatus: ['token', 'status (503), retryAfter?: an error instead of tokens; on (any)'],
  tokenHtml: ['token', 'a page of HTML with status 200 instead of tokens; on (any)'],
  tokenCut: ['token', 'bytes (20): the connection dies after so many bytes of the answer; on (any)'],
  tokenSlow: ['token', 'ms (2000), before the provider acts; on (any)'],
  tokenSlowAfterRotate: ['token', 'ms (2000): the provider rotates at once, the answer comes late; on (refresh)'],
  tokenDropAfterRotate: ['token', 'the provider rotates, then the connection dies before the answer; on (refresh)'],
  refuseOrigin: ['token', '400 "origin … not allowed" to a chrome-extension:// Origin header'],
  authorizeStatus: ['provider', 'status (500): the authorization page answers with an error'],
  discoveryStatus: ['provider', 'status (404) for the discovery documents'],
  discoveryHtml: ['provider', 'HTML with status 200 for the discovery documents'],
  userDenies: ['provider', 'the person refuses as soon as a page would be shown: access_denied'],
  status: ['api', 'status (500), retryAfter? (seconds or date), text?, html?: an error answer'],
  html200: ['api', 'a captive portal: HTML with status 200'],
  cut: ['api', 'bytes (100), clean?: the body ends early; clean: without a connection error'],
  slow: ['api', 'ms (2000), before answering'],
  drip: ['api', 'bytes (64), ms (50): the body comes in small pieces'],
  wrongContentType: ['api', 'type (text/plain): JSON under another content type'],
  empty: ['api', '200 []'],
  noContent: ['api', '204'],
  redirect: ['api', 'location?: 302 to another host on loopback'],
  huge: ['api', 'megabytes (30): a list of that size'],
  reset: ['api', 'the connection is destroyed'],
  malformedRows: ['rows', 'count (3) or share: rows broken in various ways'],
  malformedEnvelope: ['rows', 'shape: object | null | number | string | wrapped | nested ("wrapped" is {agentStates: […]})'],
  duplicateRows: ['rows', 'every third row twice'],
  numericIds: ['rows', 'agentId is a number'],
  stateAbsent: ['rows', 'agentId: the row is there, its state is null'],
  stateAfterSeconds: [
    'rows',
    'agentId, seconds (12): missing from states until then (real seconds); with tries instead: until asked for singly so often in vain',
  ],
  agentUnknown: ['rows', 'agentId: 404, and missing from every list'],
  agentOtherOrganisation: ['rows', 'agentId: belongs to another organisation, missing from states'],
  noSkillGroups: ['rows', 'agentId: no skill groups, missing from states'],
  notLoggedInToASkill: [
    'rows',
    'agentId, row (single): missing from the list; asked for singly, a row without skillStates (row: none: nothing; both: also in the list)',
  ],
  skillInactive: [
    'rows',
    'agentId, paused?: every skill group paused, missing from states; with a number: only so many of them, and there with the rest',
  ],
  agentInactive: ['rows', 'agentId: the profile says inactive, missing from states'],
  hidden: ['rows', 'agentId: missing from states only, without any reason to be found'],
  roleWithoutPermission: [
    'rows',
    'status (200): the user has no role with the permission, and states are 200 []; 403: they are refused with a text',
  ],
  silentMe: ['rows', '/users/me says who it is, and nothing of roles and permissions'],
  partitionRestricted: ['rows', 'agentId?: 403 with a text; with an agent: only about that one, who is missing from the list'],
  canaries: ['rows', 'token-like strings, names and an e-mail address planted in every free text'],
  clockSkew: ['clock', 'seconds (300): Date and startDate are off by so much'],
  ...SKILL_FAULT_KINDS,
  ...PUBLIC_FAULT_KINDS,
} as const satisfies Record<string, readonly [Side, string]>;

export type FaultKind = keyof typeof FAULT_KINDS;

/** What is posted to arm a fault: the kind, `times` (then it disarms), `match` (path prefix; `*` is any one part), `afterSeconds`, and its parameters. */
export interface FaultSpec {
  kind: FaultKind;
  times?: number;
  match?: string;
  afterSeconds?: number;
  [parameter: string]: unknown;
}

/** An armed fault. `used`: how often it has acted; `seen`: refreshes (scopeDroppedOnRefresh) or questions (stateAfterSeconds) so far. */
export interface Fault {
  readonly id: number;
  readonly spec: FaultSpec;
  readonly armedAt: number;
  used: number;
  seen: number;
}

/** Reads a numeric parameter of a fault. */
export function numberOf(fault: Fault, name: string, otherwise: number): number {
  const value = fault.spec[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

/** Reads a text parameter of a fault. */
export function textOf(fault: Fault, name: string): string | undefined {
  const value = fault.spec[name];
  return typeof value === 'string' ? value : undefined;
}

/** Reads a parameter that is a list of strings, or one string with spaces. */
export function listOf(fault: Fault, name: string): string[] {
  const value = fault.spec[name];
  if (typeof value === 'string') return value.split(' ').filter(Boolean);
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** Whether the path begins with the pattern, in which `*` stands for one part of a path. */
function startsLike(path: string, pattern: string): boolean {
  const parts = path.split('/');
  const wanted = pattern.split('/');
  const last = wanted.pop() ?? '';
  return (
    wanted.every((part, index) => (part === '*' ? parts[index] !== undefined : part === parts[index])) &&
    (last === '*' ? parts[wanted.length] !== undefined : (parts[wanted.length] ?? '').startsWith(last))
  );
}

export class Faults {
  #armed: Fault[] = [];
  #lastId = 0;

  /** Arms a fault. Throws for a kind that does not exist. */
  arm(spec: FaultSpec | Record<string, unknown>): Fault {
    const { kind } = spec;
    if (typeof kind !== 'string' || !Object.hasOwn(FAULT_KINDS, kind)) {
      throw new HttpError(400, 'unknown_fault', `unknown kind of fault; known: ${Object.keys(FAULT_KINDS).join(', ')}`);
    }
    const fault: Fault = { id: ++this.#lastId, spec: spec as FaultSpec, armedAt: Date.now(), used: 0, seen: 0 };
    this.#armed.push(fault);
    return fault;
  }

  /** Disarms all, or all of one kind. */
  clear(kind?: string): void {
    this.#armed = kind === undefined ? [] : this.#armed.filter((fault) => fault.spec.kind !== kind);
  }

  /** Those still armed, oldest first. */
  list(): readonly Fault[] {
    return this.#armed;
  }

  /** The armed faults of a kind that apply to this path now. `match` defaults to all paths of the kind's side. */
  active(kind: FaultKind, path = ''): Fault[] {
    const now = Date.now();
    return this.#armed.filter(
      ({ spec, armedAt }) =>
        spec.kind === kind &&
        now >= armedAt + (spec.afterSeconds ?? 0) * 1000 &&
        (typeof spec.match !== 'string' || startsLike(path, spec.match)),
    );
  }

  /** The first such fault, counted as used: after `times` uses it is gone. */
  take(kind: FaultKind, path = ''): Fault | undefined {
    const fault = this.active(kind, path)[0];
    if (fault) this.use(fault);
    return fault;
  }

  /** Counts a use. */
  use(fault: Fault): void {
    fault.used++;
    if (fault.spec.times !== undefined && fault.used >= fault.spec.times) {
      this.#armed = this.#armed.filter((other) => other !== fault);
    }
  }
}
