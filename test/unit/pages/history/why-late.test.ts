import { describe, expect, it } from 'vitest';
import { DIFFERENCES } from '../../../../src/domain/history/overlay.ts';
import { whyLate } from '../../../../src/pages/console/history/why-late.ts';
import { parseRoute } from '../../../../src/pages/parts/where.ts';
import { known } from '../diagnosis/made.ts';
import { MINUTE, NOW } from '../rows.ts';

describe('what reached us late', () => {
  it('leads to the diagnosis of that agent, and to the one there is while it is fresh', () => {
    const asks = whyLate({ kind: 'late' }, 'a1', null, NOW);
    expect(parseRoute(asks ?? '')).toMatchObject({ room: 'diagnosis', agent: 'a1', ask: true });
    const found = whyLate({ kind: 'late' }, 'a1', known(), NOW + MINUTE);
    expect(parseRoute(found ?? '')).toMatchObject({ room: 'diagnosis', agent: 'a1', run: 'r1', ask: false });
  });
  it.each(DIFFERENCES.filter((kind) => kind !== 'late'))('(%s is no riddle)', (kind) => {
    expect(whyLate({ kind }, 'a1', null, NOW)).toBeNull();
  });
});
