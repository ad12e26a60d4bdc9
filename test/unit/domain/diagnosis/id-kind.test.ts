import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedKind, idKind, isOfAnotherKind, matchId } from '../../../../src/domain/diagnosis/id-kind.ts';
import { runs } from '../../support/runs.ts';
import { AGENT, OTHER } from './evidence.ts';

describe('what an id looks like', () => {
  it.each([
    [AGENT, 'uuid'],
    [`{${AGENT.toUpperCase()}}`, 'uuid'],
    ['dana@example.com', 'email'],
    [' dana@example ', 'email'],
    ['2001', 'number'],
    ['x2001', 'extension'],
    ['ext. 2001', 'extension'],
    ['+1 (555) 010-0100', 'extension'],
    ['EMP-100001', 'text'],
    ['Dana Ortiz', 'text'],
    ['a@b@c', 'text'],
    [AGENT.slice(1), 'text'],
    ['', 'text'],
  ] as const)('%s', (id, kind) => expect(idKind(id)).toBe(kind));
});

describe('what ids look like in this tenant', () => {
  it('is what most of them look like; UUIDs where none is known', () => {
    expect(expectedKind([])).toBe('uuid');
    expect(expectedKind(['1', '2', AGENT])).toBe('number');
    expect(expectedKind([AGENT, 'dana@example.com', OTHER])).toBe('uuid');
  });

  it('makes an id one of another kind, but for numbers and texts', () => {
    expect(isOfAnotherKind('email', 'uuid')).toBe(true);
    expect(isOfAnotherKind('number', 'uuid')).toBe(true);
    expect(isOfAnotherKind('uuid', 'uuid')).toBe(false);
    expect(isOfAnotherKind('number', 'text')).toBe(false);
    expect(isOfAnotherKind('text', 'number')).toBe(false);
  });
});

describe('whose id it is', () => {
  const dana = {
    agentId: AGENT,
    otherIds: [
      { kind: 'email' as const, id: 'Dana@Example.com' },
      { kind: 'extension' as const, id: '2001' },
      { kind: 'userId' as const, id: OTHER },
    ],
  };
  const tom = { agentId: '2001', otherIds: [{ kind: 'extension' as const, id: '2002' }] };

  it.each([
    [' dana@example.COM ', { kind: 'email', agentId: AGENT }],
    [OTHER.toUpperCase(), { kind: 'userId', agentId: AGENT }],
    [`{${AGENT.toUpperCase()}}`, { kind: 'agentId', agentId: AGENT }],
    [AGENT, { kind: 'agentId', agentId: AGENT }],
    // An agent's own id before another's extension.
    ['2001', { kind: 'agentId', agentId: '2001' }],
    ['2002', { kind: 'extension', agentId: '2001' }],
    ['2003', null],
    ['', null],
    ['  ', null],
  ])('%j', (id, expected) => expect(matchId(id, [dana, tom])).toEqual(expected));

  it("is nobody's in particular when two have it", () => {
    const twin = { agentId: OTHER, otherIds: [{ kind: 'extension' as const, id: '2002' }] };
    expect(matchId('2002', [tom, twin])).toEqual({ kind: 'extension', agentId: '' });
    expect(matchId('2002', [tom, tom])).toEqual({ kind: 'extension', agentId: '2001' });
    // An agent's id in another spelling, before somebody's extension.
    const spelt = { agentId: 'ab-1', otherIds: [] };
    const dialled = { agentId: OTHER, otherIds: [{ kind: 'extension' as const, id: 'AB-1' }] };
    expect(matchId('AB-1', [dialled, spelt])).toEqual({ kind: 'agentId', agentId: 'ab-1' });
    expect(matchId('2001', [dana, tom])).toEqual({ kind: 'agentId', agentId: '2001' });
  });

  it('is never that of somebody who does not have it', () => {
    const person = fc.record({
      agentId: fc.string({ maxLength: 4 }),
      otherIds: fc.array(
        fc.record({ kind: fc.constantFrom('email' as const, 'extension' as const), id: fc.string({ maxLength: 4 }) }),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(fc.string({ maxLength: 4 }), fc.array(person, { maxLength: 6 }), (id, people) => {
        const match = matchId(id, people);
        if (!match || match.agentId === '') return;
        const owner = people
          .filter(({ agentId }) => agentId === match.agentId)
          .flatMap(({ agentId, otherIds }) => [agentId, ...otherIds.map((other) => other.id)]);
        const plain = (text: string) =>
          text
            .trim()
            .replace(/^\{|\}$/g, '')
            .toLowerCase();
        expect(owner.map(plain)).toContain(plain(id));
      }),
      runs(500),
    );
  });
});
