/** A history as a file for a spreadsheet. */
import type { AgentId } from '../agent-state.ts';
import { type CsvCell, csvText } from '../csv.ts';
import type { Segment } from './history.ts';
import { isoInZone } from './zone.ts';

export interface HistoryLane {
  agentId: AgentId;
  name: string;
  segments: readonly Segment[];
}

/** Names of columns are for programs, as the times are: the same in every language. */
const COLUMNS = ['agentId', 'name', 'from', 'to', 'seconds', 'state', 'reason', 'source'];

/**
 * One line per segment, agent after agent.
 * @param zone IANA zone of the times; each says its offset from UTC
 * @returns the text of the file, byte order mark included
 */
export function historyCsv(lanes: readonly HistoryLane[], zone: string): string {
  const lines: CsvCell[][] = [];
  for (const { agentId, name, segments } of lanes)
    for (const { fromMs, toMs, category, stateName, reason, source } of segments)
      lines.push([
        { plain: agentId },
        name,
        { plain: isoInZone(fromMs, zone) },
        { plain: isoInZone(toMs, zone) },
        { plain: String((toMs - fromMs) / 1000) },
        stateName || category,
        reason,
        { plain: source },
      ]);
  return csvText(COLUMNS, lines);
}
