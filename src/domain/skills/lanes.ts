/** Rows by user: one write at a time for each, several users at once. */
import type { AgentId } from '../agent-state.ts';
import type { BatchRow } from './batch.ts';
import { plain } from './twice.ts';

/** By the user's id in its plain form: however it is spelt, he is one. Users in the order the file first names them, their rows in its order. */
export function lanesOf(rows: readonly BatchRow[]): Map<AgentId, BatchRow[]> {
  const lanes = new Map<AgentId, BatchRow[]>();
  for (const row of rows) {
    const id = plain(row.userId);
    const lane = lanes.get(id);
    if (lane) lane.push(row);
    else lanes.set(id, [row]);
  }
  return lanes;
}
