import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GrantEvent } from '../../../src/domain/auth-status.ts';
import { appendLedger, effectiveScopes, grantEvent, lacking, lostAt, parseScope } from '../../../src/domain/scopes.ts';
import { runs } from '../support/runs.ts';

const RUNS = runs(10_000);
const A = 'view:agent';
const I = 'view:interaction';
const required = [A, I];

/** Oracle for RFC 6749 3.3: each character looked at by its code. */
function isToken(text: string): boolean {
  return [...text].every((char) => {
    const code = char.codePointAt(0) ?? 0;
    return code === 0x21 || (code >= 0x23 && code <= 0x5b) || (code >= 0x5d && code <= 0x7e);
  });
}
const token = fc.stringMatching(/^[!#-[\]-~]{1,12}$/);
const few = fc.constantFrom('a', 'b', 'c', 'A', 'openid', A, I);

describe('parseScope', () => {
  it.each([
    ['', []],
    ['   ', []],
    ['openid  view:agent openid ', ['openid', A]],
    ['View:agent view:agent', ['View:agent', A]],
    ['a"b c\\d e\tf ok é', ['ok']],
    ['view:agent,view:interaction', ['view:agent,view:interaction']],
  ])('%j is %j', (text, scopes) => expect(parseScope(text)).toEqual(scopes));

  it('gives back every list, whatever the spaces and repeats, and nothing that is no token', () => {
    fc.assert(
      fc.property(fc.array(token), fc.integer({ min: 1, max: 4 }), (scopes, spaces) => {
        const gap = ' '.repeat(spaces);
        expect(parseScope(gap + [...scopes, ...scopes].join(gap) + gap)).toEqual(
          scopes.filter((s, i) => scopes.indexOf(s) === i),
        );
      }),
      RUNS,
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const scope of parseScope(text)) expect(scope !== '' && isToken(scope)).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('lacking', () => {
  it('is a comparison of sets: order and repeats do not matter, case does', () => {
    fc.assert(
      fc.property(fc.array(few), fc.array(few), fc.integer(), (need, have, seed) => {
        const missing = lacking(need, have);
        expect(
          lacking(
            need,
            [...have, ...have].sort(() => (seed & 1) - 0.5),
          ),
        ).toEqual(missing);
        const oracle = new Set(need);
        for (const scope of have) oracle.delete(scope);
        expect(missing).toEqual([...oracle]);
      }),
      RUNS,
    );
    expect(lacking([A], ['View:Agent'])).toEqual([A]);
  });
});

describe('effectiveScopes', () => {
  it('is the answer’s scope, or what was asked for when it has none', () => {
    expect(effectiveScopes({ responseScope: `${I} ${A}`, requested: [A] })).toEqual([I, A]);
    expect(effectiveScopes({ responseScope: undefined, requested: [A] })).toEqual([A]);
    expect(effectiveScopes({ responseScope: null, requested: [A] })).toEqual([A]);
  });
  it('takes an empty scope for what it says', () => {
    expect(effectiveScopes({ responseScope: '', requested: [A] })).toEqual([]);
  });
});

/** A ledger from what each grant received; the first is the sign-in unless said otherwise. */
function ledgerOf(received: string[][], kinds: GrantEvent['kind'][] = [], requested = required): GrantEvent[] {
  const ledger: GrantEvent[] = [];
  let nth = 0;
  received.forEach((scopes, i) => {
    const kind = kinds[i] ?? (i === 0 ? 'signIn' : 'renewal');
    nth = kind === 'renewal' ? nth + 1 : 0;
    ledger.push(grantEvent({ atMs: 1000 * (i + 1), kind, nth, requested, received: scopes, required, previous: ledger.at(-1) }));
  });
  return ledger;
}

describe('grantEvent', () => {
  const base = { atMs: 5, kind: 'renewal' as const, nth: 2, required };
  it('calls a required scope lost that was asked for and not given', () => {
    expect(grantEvent({ ...base, requested: required, received: [I] })).toEqual({
      atMs: 5,
      kind: 'renewal',
      nth: 2,
      requested: required,
      received: [I],
      lost: [A],
    });
  });
  it('calls one lost that an earlier grant had, even if nobody asked for it since', () => {
    const had = grantEvent({ ...base, requested: required, received: required });
    const first = grantEvent({ ...base, requested: [I], received: [I], previous: had });
    const second = grantEvent({ ...base, requested: [I], received: [I], previous: first });
    expect([had.lost, first.lost, second.lost]).toEqual([[], [A], [A]]);
  });
  it('does not call one lost that nobody had or asked for, or that is not required', () => {
    expect(grantEvent({ ...base, requested: [I, 'openid'], received: [I] }).lost).toEqual([]);
  });
});

describe('lostAt', () => {
  it('names the renewal that lost it first', () => {
    const ledger = ledgerOf([required, required, [I], [I], [I]]);
    expect(lostAt(ledger, A)).toMatchObject({ nth: 2, kind: 'renewal', atMs: 3000 });
    expect(lostAt(ledger, I)).toBeNull();
  });
  it('forgets a loss that was made good, and names the later one', () => {
    expect(lostAt(ledgerOf([required, [I], required]), A)).toBeNull();
    expect(lostAt(ledgerOf([required, [I], required, required, []]), A)?.nth).toBe(4);
  });
  it('looks past a silent sign-in, but not past a new consent', () => {
    expect(lostAt(ledgerOf([required, [I], [I]], ['signIn', 'renewal', 'silentSignIn']), A)?.atMs).toBe(2000);
    expect(lostAt(ledgerOf([required, [I], [I], [I]], ['signIn', 'renewal', 'signIn', 'renewal']), A)).toMatchObject({
      atMs: 3000,
      kind: 'signIn',
    });
  });
  it('says null where it was never asked for, and for an empty ledger', () => {
    expect(lostAt(ledgerOf([[I], [I]], [], [I]), A)).toBeNull();
    expect(lostAt([], A)).toBeNull();
  });
  it('agrees with a forward walk', () => {
    const grants = fc.array(fc.subarray(required), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(grants, (received) => {
        let since: number | null = null;
        received.forEach((scopes, i) => {
          if (scopes.includes(A)) since = null;
          else since ??= 1000 * (i + 1);
        });
        expect(lostAt(ledgerOf(received), A)?.atMs ?? null).toBe(since);
      }),
      RUNS,
    );
  });
});

describe('appendLedger', () => {
  it('keeps at most 50, the newest last, and never the sign-in or the loss for a renewal that changed nothing', () => {
    let ledger: GrantEvent[] = [];
    let previous: GrantEvent | undefined;
    for (let nth = 0; nth < 400; nth++) {
      const received = nth < 120 ? required : [I];
      previous = grantEvent({
        atMs: nth,
        kind: nth === 0 ? 'signIn' : 'renewal',
        nth,
        requested: required,
        received,
        required,
        previous,
      });
      ledger = appendLedger(ledger, previous);
      expect(ledger.length).toBe(Math.min(nth + 1, 50));
      expect(ledger.at(-1)).toBe(previous);
      expect(ledger[0]?.kind).toBe('signIn');
    }
    expect(lostAt(ledger, A)?.nth).toBe(120);
    expect(ledger.map(({ atMs }) => atMs)).toEqual(ledger.map(({ atMs }) => atMs).sort((a, b) => a - b));
  });
  it('drops the oldest where every line tells something, and leaves its argument alone', () => {
    const signIns = Array.from({ length: 50 }, (_, i) => ledgerOf([required]).map((event) => ({ ...event, atMs: i }))).flat();
    const next = appendLedger(signIns, { ...(signIns[0] as GrantEvent), atMs: 99 });
    expect([next.length, next[0]?.atMs, next.at(-1)?.atMs, signIns.length]).toEqual([50, 1, 99, 50]);
  });
});
