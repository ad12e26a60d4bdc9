/** Rows of `/agents/states` and `/agents/{id}/states` (facts/cxone-api.md sections 2 and 9): two shapes of one thing, and the older spellings of both. */
import type { AgentState, Category } from '../../../domain/agent-state.ts';
import type { RowFinding } from '../../../domain/diagnosis/evidence.ts';
import { newSlot } from '../../../domain/snapshot.ts';
import { bool, idText, isRecord, text, timeMs } from './values.ts';

/** What of a row is read: `fields` of the request. */
export const STATE_FIELDS =
  'agentId,agentStateId,agentStateName,isACW,outStateId,outStateDescription,skillId,skillName,startDate';

interface KnownState {
  name: string;
  category: Category;
}

const working = (name: string): KnownState => ({ name, category: 'working' });
/** A system's reason not to be available; pending means a contact is on its way. */
const system = (name: string): KnownState => ({ name, category: 'unavailable' });

/** `agentStateId`, and the negative codes of the system's own reasons (which may arrive as `outStateId`, or in place of the state). */
const STATES = new Map<string, KnownState>([
  ['0', { name: 'LoggedOut', category: 'loggedOut' }],
  ['1', { name: 'Available', category: 'available' }],
  ['2', { name: 'Unavailable', category: 'unavailable' }],
  ['3', working('InboundContact')],
  ['4', working('OutboundContact')],
  ['5', working('InboundConsult')],
  ['6', working('OutboundConsult')],
  ['7', working('Dialer')],
  ['8', { name: 'LoggedIn', category: 'loggedIn' }],
  ['-1', system('Refused')],
  ['-2', system('HeldPartyAbandoned')],
  ['-3', system('InboundPending')],
  ['-4', system('OutboundPending')],
  ['-5', system('ConsultPending')],
  ['-6', system('DialerPending')],
  ['-7', system('TransferPending')],
  ['-8', system('CallbackPending')],
  ['-9', system('PromisePending')],
  ['-12', system('LogoffPending')],
  ['-13', system('PreviewNotification')],
]);

const plain = (name: string) => name.toLowerCase().replaceAll(/[ _-]/g, '');
const NO_NAMES: ReadonlyMap<string, string> = new Map();
const CATEGORY_BY_NAME = new Map([...STATES.values()].map(({ name, category }) => [plain(name), category]));

/** Fills the slot, or names the field that is wrong. An id we do not know falls through to the name, and a name we do not know keeps it. */
export function readRow(row: unknown, slot: AgentState, names = NO_NAMES): string | null {
  if (!isRecord(row)) return 'row';
  const agentId = agentIdOf(row);
  if (agentId === '') return 'agentId';
  const stateId = idText(row.agentStateId);
  const stateName = text(row.agentStateName);
  const known = STATES.get(stateId);
  if (stateId === '' && stateName === '') return 'agentStateId';
  const acw = row.isACW ?? row.isAcw ?? false;
  if (acw !== '' && bool(acw) === null) return 'isACW';
  slot.agentId = agentId;
  slot.stateName = stateName || known?.name || stateId;
  slot.category = known?.category ?? CATEGORY_BY_NAME.get(plain(stateName)) ?? 'unknown';
  // After-contact work is no state of its own: Unavailable with a flag.
  if (slot.category !== 'loggedOut' && bool(acw) === true) slot.category = 'acw';
  slot.reason = reasonOf(row, slot.category === 'unavailable' || slot.category === 'acw' ? names : NO_NAMES);
  slot.skill = text(row.skillName);
  const sinceMs = timeMs(row.startDate);
  slot.sinceKnown = sinceMs > 0;
  slot.sinceMs = slot.sinceKnown ? sinceMs : 0;
  return null;
}

/** The agent's number in any of its spellings. Where one of them is a GUID (unified states), the number is the one every other call takes. */
export function agentIdOf(row: Record<string, unknown>): string {
  const { agentId } = row;
  // Ten thousand rows look like this; the rest is drift.
  if (typeof agentId === 'number' && Number.isSafeInteger(agentId)) return String(agentId);
  const ids = [idText(agentId), idText(row.agentID_alt), idText(row.agentNo)];
  return ids.find((id) => /^\d+$/.test(id)) ?? ids.find((id) => id !== '') ?? '';
}

/** @param names of the tenant's own codes, for rows that give the code alone */
function reasonOf(row: Record<string, unknown>, names: ReadonlyMap<string, string>): string {
  const said = text(row.outStateDescription);
  // The documents type it as an integer in places: a code then, not a name.
  if (said !== '' && !/^-?\d+$/.test(said)) return said;
  const code = said || idText(row.outStateId ?? row.outStateCode);
  return (code.startsWith('-') ? STATES.get(code)?.name : names.get(code)) ?? said;
}

/** `skills` is not said: a row names the skill of the contact, not those the agent is logged in to. */
export function inspectRow(row: unknown, agentId: string): RowFinding | null {
  const slot = newSlot();
  if (readRow(row, slot) !== null || slot.agentId !== agentId) return null;
  const { category, stateName, sinceMs } = slot;
  return {
    category,
    stateName,
    // 8, LoggedIn: there, and no state chosen yet.
    stateGiven: category !== 'loggedIn',
    loggedIn: category === 'unknown' ? null : category !== 'loggedOut',
    skills: null,
    sinceMs,
  };
}

export function rowHasSkill(row: unknown, skillId: string): boolean {
  return skillId !== '' && isRecord(row) && idText(row.skillId) === skillId;
}
