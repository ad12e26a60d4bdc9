/** The time zone that times without an offset are read in. */
import { kept } from './kept.ts';

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Chosen once for the room: one file, one form. */
export const zone = kept('zone', HERE);

let names: string[] | undefined;
/** All there are, the computer's own and UTC first. */
export function zoneNames(): string[] {
  names ??= [...new Set([HERE, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
  return names;
}
