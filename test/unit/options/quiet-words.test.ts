import { describe, expect, it } from 'vitest';
import type { QuietHours } from '../../../src/domain/settings.ts';
import { quietExample } from '../../../src/pages/options/logic/quiet-words.ts';

const NAMES = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const name = (day: number) => NAMES[day] ?? '?';
const quiet = (from: string, to: string, ...days: number[]): QuietHours => ({ enabled: true, from, to, days });

describe('quietExample', () => {
  it.each([
    [quiet('22:00', '06:00', 1, 5), 'options_quietOvernight', ['Friday', '22:00', 'Saturday', '06:00']],
    [quiet('22:00', '06:00', 0, 1, 2, 3, 4, 5, 6), 'options_quietOvernight', ['Friday', '22:00', 'Saturday', '06:00']],
    [quiet('22:00', '06:00', 6), 'options_quietOvernight', ['Saturday', '22:00', 'Sunday', '06:00']],
    [quiet('22:00', '06:00', 6, 0), 'options_quietOvernight', ['Sunday', '22:00', 'Monday', '06:00']],
    [quiet('12:00', '13:00', 3), 'options_quietSameDay', ['Wednesday', '12:00', '13:00']],
    [quiet('08:00', '08:00', 1), 'options_quietWholeDay', ['Monday', '08:00', 'Tuesday', '08:00']],
  ])('%j', (hours, key, params) => {
    expect(quietExample(hours, name)).toEqual({ key, params });
  });

  it('has none without a day', () => {
    expect(quietExample(quiet('22:00', '06:00'), name)).toBeNull();
  });
});
