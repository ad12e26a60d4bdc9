import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expiresInMs, jwtClaims, organisationOf } from '../../../src/domain/token-facts.ts';
import { runs } from '../support/runs.ts';

const RUNS = runs(10_000);
const MINUTE = 60_000;
const HOUR = 3_600_000;

describe('expiresInMs', () => {
  it.each([
    [3600, HOUR],
    ['3600', HOUR],
    [1800.5, 1_800_500],
    [undefined, HOUR],
    [null, HOUR],
    [Number.NaN, HOUR],
    ['3600abc', HOUR],
    ['', HOUR],
    [' 60', HOUR],
    [{}, HOUR],
    [[60], HOUR],
    [true, HOUR],
    [0, MINUTE],
    [-1, MINUTE],
    [59, MINUTE],
    [Number.NEGATIVE_INFINITY, MINUTE],
    [1e300, 24 * HOUR],
    [Number.POSITIVE_INFINITY, 24 * HOUR],
    ['9'.repeat(400), 24 * HOUR],
    [31_536_000, 24 * HOUR],
  ])('%j is %d ms', (value, ms) => expect(expiresInMs(value)).toBe(ms));

  it('is 1 minute to 24 hours, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.double(), fc.integer(), fc.integer().map(String), fc.string()), (value) => {
        const ms = expiresInMs(value);
        expect(ms >= MINUTE && ms <= 24 * HOUR).toBe(true);
      }),
      RUNS,
    );
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 86_400 }), (s) => {
        expect([expiresInMs(s), expiresInMs(String(s))]).toEqual([s * 1000, s * 1000]);
      }),
      RUNS,
    );
  });
});

const jwt = (payload: string) => `e30.${Buffer.from(payload).toString('base64url')}.c2ln`;

describe('jwtClaims', () => {
  it('reads any claims, in any script', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (claims) => {
        const text = JSON.stringify(claims);
        expect(JSON.stringify(jwtClaims(jwt(text)))).toBe(JSON.stringify(JSON.parse(text)));
      }),
      // Making graphemes is what takes time, not reading them.
      runs(1000),
    );
    expect(jwtClaims(jwt('{"name":"Łukasz 👩🏽‍💻?>~"}'))).toEqual({ name: 'Łukasz 👩🏽‍💻?>~' });
  });
  it('reads an unsigned one', () => expect(jwtClaims(`e30.${btoa('{"a":1}')}.`)).toEqual({ a: 1 }));
  it.each([
    [''],
    ['opaque'],
    ['a.b'],
    ['a.b.c'],
    ['a..c'],
    ['a.e30.c.d'],
    [jwt('[]')],
    [jwt('null')],
    [jwt('1')],
    [jwt('{')],
    ['a.é.c'],
  ])('%s is none', (token) => expect(jwtClaims(token)).toBeNull());
  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(fc.string(), { minLength: 3, maxLength: 3 }).map((p) => p.join('.')),
        ),
        (t) => {
          jwtClaims(t);
        },
      ),
      RUNS,
    );
  });
});

it.each([
  [{ org_id: 'o', orgId: 'p', tenantId: 't', icBUId: 1 }, 'o'],
  [{ orgId: 'p', tenantId: 't' }, 'p'],
  [{ org_id: '', tenantId: 't' }, 't'],
  [{ icBUId: 4_599_234 }, '4599234'],
  [{ org_id: null, orgId: {}, tenantId: ['x'] }, ''],
  [{}, ''],
  [null, ''],
])('organisationOf(%j) is %j', (claims, organisation) => expect(organisationOf(claims)).toBe(organisation));
