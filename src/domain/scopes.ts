import type { GrantEvent } from './auth-status.ts';

/** What a token may do, and which grant or renewal took it away (DESIGN section 5, rule 2; security-reliability.md 2.2). */

/** RFC 6749 3.3: `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )`. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const LEDGER_MAX = 50;

/** The scopes of a space-separated list (RFC 6749 3.3), each once, in order. What is no scope token is left out. */
export function parseScope(text: string): string[] {
  return [...new Set(text.split(' ').filter((scope) => SCOPE_TOKEN.test(scope)))];
}

/** The required scopes that are not there, each once, in the order required. Case counts (RFC 6749 3.3); order of `effective` does not. */
export function lacking(required: readonly string[], effective: readonly string[]): string[] {
  return [...new Set(required)].filter((scope) => !effective.includes(scope));
}

/**
 * What a token carries: the answer's `scope`, else what was asked for (RFC 6749 5.1: it may be left out only when identical).
 * An empty `scope` is an answer: nothing.
 */
export function effectiveScopes(grant: { responseScope: string | null | undefined; requested: readonly string[] }): string[] {
  return grant.responseScope == null ? [...grant.requested] : parseScope(grant.responseScope);
}

/** One line for the scope ledger. `previous` is the line before it, if any; `lost` is worked out here. */
export function grantEvent(
  grant: Omit<GrantEvent, 'lost'> & { required: readonly string[]; previous?: GrantEvent | undefined },
): GrantEvent {
  const { atMs, kind, nth, requested, received, required, previous, source } = grant;
  const expected = new Set([...requested, ...(previous?.received ?? []), ...(previous?.lost ?? [])]);
  const lost = lacking(required, received).filter((scope) => expected.has(scope));
  return { atMs, kind, nth, requested: [...requested], received: [...received], lost, ...(source && { source }) };
}

/**
 * The grant that first lost a scope which is still lost; null when the newest grant has it, or none since the last sign-in ever lost it.
 * Looks no further back than the last sign-in by the user: that one was a new consent. When it is the answer, the scope was asked
 * for and never given; a renewal or silent sign-in as the answer means it was there and went.
 */
export function lostAt(ledger: readonly GrantEvent[], scope: string): GrantEvent | null {
  let first: GrantEvent | null = null;
  for (const event of ledger.toReversed()) {
    if (event.received.includes(scope)) break;
    if (event.lost.includes(scope)) first = event;
    if (event.kind === 'signIn') break;
  }
  return first;
}

/**
 * How the scopes a token lacks went missing. `dropped`: a renewal or silent sign-in lost them; `at` is the first that did, `scopes` those lost so,
 * though others may never have been given. `neverGiven`: all of them; `at` is the last sign-in by the user, where the ledger still has it.
 */
export type ScopeLoss =
  | { kind: 'dropped'; scopes: string[]; at: GrantEvent }
  | { kind: 'neverGiven'; scopes: string[]; at: GrantEvent | null };

/** Reads it off the ledger (see `lostAt`); null when nothing is missing. */
export function scopeLoss(missing: readonly string[], ledger: readonly GrantEvent[]): ScopeLoss | null {
  if (missing.length === 0) return null;
  const losses = missing.flatMap((scope) => {
    const event = lostAt(ledger, scope);
    return event && event.kind !== 'signIn' ? [{ scope, event }] : [];
  });
  if (losses.length === 0) {
    return { kind: 'neverGiven', scopes: [...missing], at: ledger.findLast(({ kind }) => kind === 'signIn') ?? null };
  }
  const at = losses.map(({ event }) => event).reduce((a, b) => (b.atMs < a.atMs ? b : a));
  return { kind: 'dropped', scopes: losses.map(({ scope }) => scope), at };
}

/**
 * The ledger with one more line, the newest last, at most 50. What goes first is a renewal that changed nothing,
 * so that a token renewed for days still shows its sign-in and the renewal that lost a scope.
 */
export function appendLedger(ledger: readonly GrantEvent[], event: GrantEvent): GrantEvent[] {
  const next = [...ledger, event];
  while (next.length > LEDGER_MAX) {
    const dull = next.findIndex(({ kind, lost }, i) => kind === 'renewal' && next[i - 1]?.lost.join() === lost.join());
    next.splice(Math.max(dull, 0), 1);
  }
  return next;
}
