import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matcher, rank } from '../../../src/domain/search.ts';
import { runs } from '../support/runs.ts';

const row = ['Zoë Müller-Żak', 'Sales North', '11111111-aaaa', 'On a contact'];

describe('matcher', () => {
  it.each([
    ['', true],
    ['   ', true],
    ['zoe', true],
    ['ZOË', true],
    ['muller sales', true],
    ['north  zak', true],
    ['11111', true],
    ['zoe south', false],
    ['zaksales', false],
    ['northzoe', false],
  ])('%j: %s', (query, found) => expect(matcher(query)(row)).toBe(found));

  it('does not mind how an accent is written, nor the Turkish İ', () => {
    expect(matcher('e\u0301clair')(['\u00e9clair'])).toBe(true);
    expect(matcher('istanbul')(['\u0130STANBUL'])).toBe(true);
    expect(matcher('strauss')(['Strauß'])).toBe(true);
    expect(matcher('οδοσ')(['ΟΔΟΣ Α'])).toBe(true);
  });

  it('finds any piece of any part, whatever its case and order', () => {
    const part = fc.string({ unit: fc.constantFrom(...'abcXYZ éÉüñ0'), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.nat(), fc.nat(), (parts, which, start) => {
        const piece = (parts[which % parts.length] ?? '').slice(start % 12);
        expect(matcher(piece.toUpperCase())(parts)).toBe(true);
        expect(matcher([...piece.split(' ')].reverse().join(' '))(parts)).toBe(true);
        expect(matcher(`${piece} #`)(parts)).toBe(false);
      }),
      runs(10_000),
    );
  });

  it('goes through 10,000 agents within a frame or two', () => {
    const people = Array.from({ length: 10_000 }, (_, i) => [
      i % 10 ? `Person Number ${i}` : `Zoë Müller ${i}`,
      `Team ${i % 40}`,
      String(i),
    ]);
    const test = matcher('muller 99');
    people.filter(test);
    const before = performance.now();
    expect(people.filter(test).length).toBeGreaterThan(10);
    expect(performance.now() - before).toBeLessThan(100);
  });
});

it('rank puts names that start with the query first', () => {
  const names = ['Ada Rossi', 'Ross Geller', 'Frossard Li', 'Zoë Roß', 'rosśini Bo'];
  const order = rank('Ros');
  expect(names.map(order)).toEqual([1, 0, 2, 1, 0]);
  expect(rank('ross gel')('Ross  Geller')).toBe(0);
  expect(rank('')('Anyone')).toBe(0);
});
