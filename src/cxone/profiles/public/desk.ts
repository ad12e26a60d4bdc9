/** The tenant's unavailable codes and teams, and seven days of everybody's work (facts/cxone-api.md section 3). */
import type { AgentId } from '../../../domain/agent-state.ts';
import type { Reason, Team } from '../../../domain/desk.ts';
import type { Figures } from '../../../domain/figures.ts';
import { wholeSeconds } from '../../history-page.ts';
import type { Answer, CxonePort } from '../../port.ts';
import { malformed } from '../../values.ts';
import { levelOf } from './activity.ts';
import type { Listing, Lists } from './lists.ts';
import { agentIdOf } from './rows.ts';
import { bool, count, durationMs, idText, isRecord, text } from './values.ts';

const listing = (path: string, name: string): Listing => ({ path, query: {}, fields: '', names: [name, ''], optional: true });
const REASONS = listing('/unavailable-codes', 'unavailableCodes');
const TEAMS = listing('/teams', 'teams');

export type DeskPort = Required<Pick<CxonePort, 'reasons' | 'teams' | 'figures'>>;

export function createDesk(lists: Lists, origin: string): DeskPort {
  async function read<T>(accessToken: string, of: Listing, reader: (row: unknown) => T | null): Promise<Answer<{ read: T[] }>> {
    const answer = await lists.all(accessToken, of, JSON.stringify);
    if (answer.outcome !== 'ok') return answer;
    const { page, atMs, requestId } = answer;
    const found = page.rows.map(reader).filter((each) => each !== null);
    if (found.length === 0 && page.rows.length > 0) return malformed(origin, of.names[0] ?? '', requestId);
    return { outcome: 'ok', read: found, atMs, requestId };
  }

  return {
    async reasons(accessToken) {
      const answer = await read(accessToken, REASONS, readReason);
      return answer.outcome === 'ok' ? { ...answer, reasons: answer.read } : answer;
    },
    async teams(accessToken) {
      const answer = await read(accessToken, TEAMS, readTeam);
      return answer.outcome === 'ok' ? { ...answer, teams: answer.read } : answer;
    },
    async figures(accessToken, fromMs, toMs) {
      const { from, to } = wholeSeconds(fromMs, toMs);
      const query = { startDate: from, endDate: to };
      const answer = await read(accessToken, { ...listing('/agents/performance', 'agentPerformance'), query }, readFigures);
      return answer.outcome === 'ok' ? { ...answer, figures: new Map(answer.read) } : answer;
    },
  };
}

/** "Match case-insensitively": `outstateName` in the documents, `outStateName` in what NICE's own desktop reads. */
function lower(row: unknown): Record<string, unknown> {
  return isRecord(row) ? Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value])) : {};
}

/** In the spelling of the tenant's list or of a team's. Null for one without id or name: nobody could choose it. */
export function readReason(row: unknown): Reason | null {
  const { id, name, isactive, isacw, agenttimeout, ...team } = lower(row);
  const reason = {
    id: idText(id ?? team.outstateid),
    name: text(name ?? team.outstatename).trim(),
    active: bool(isactive) !== false,
    acw: bool(isacw) === true,
    // 0 is how CXone writes "no end".
    minutes: count(agenttimeout ?? team.agenttimeoutmins) || null,
  };
  return reason.id && reason.name ? reason : null;
}

export function readTeam(row: unknown): Team | null {
  const { teamid, id = teamid, teamname, name = teamname, isactive } = lower(row);
  const team = { id: idText(id), name: text(name), active: bool(isactive) !== false };
  return team.id && team.name.trim() ? team : null;
}

export function readFigures(row: unknown): [AgentId, Figures] | null {
  const agentId = isRecord(row) && agentIdOf(row);
  if (!agentId) return null;
  const { occupancy, totalHandled, loginTime } = row;
  const loginMs = durationMs(loginTime);
  return [agentId, { occupancy: levelOf(occupancy), handled: count(totalHandled), loginMs: loginMs >= 0 ? loginMs : null }];
}
