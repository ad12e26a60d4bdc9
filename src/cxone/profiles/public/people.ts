/** Agents, their skills, and what the token's user may do (facts/cxone-api.md sections 3 and 4). */
import type { IdKind, SkillGroup } from '../../../domain/diagnosis/evidence.ts';
import type { Me, Person } from '../../port.ts';
import { agentIdOf } from './rows.ts';
import { bool, idText, isRecord, text } from './values.ts';

/** What of an agent is read: `fields` of the request. */
export const AGENT_FIELDS =
  'agentId,userID,userName,firstName,lastName,emailAddress,isActive,teamName,internalId,federatedId,telephone1,telephone2';
export const SKILL_FIELDS = 'skillId,skillName,isActive,isSkillActive';

/** The other ids of a person that end up where the agent's number belongs, by field; the documents write `userID` here and `userId` elsewhere. */
const OTHER_IDS: readonly [field: string, kind: IdKind][] = [
  ['userId', 'userId'],
  ['userID', 'userId'],
  ['emailAddress', 'email'],
  ['userName', 'externalId'],
  ['internalId', 'externalId'],
  ['federatedId', 'externalId'],
  ['telephone1', 'extension'],
  ['telephone2', 'extension'],
];

/** @param businessUnitId of the whole list; an agent's own comes first */
export function readPerson(value: unknown, businessUnitId = ''): Person | null {
  if (!isRecord(value)) return null;
  const agentId = agentIdOf(value);
  if (agentId === '') return null;
  const known = new Set([agentId]);
  const otherIds: Person['otherIds'] = [];
  for (const [field, kind] of OTHER_IDS) {
    const id = idText(value[field]);
    if (id === '' || known.has(id)) continue;
    known.add(id);
    // CXone's user names are e-mail addresses as a rule.
    otherIds.push({ kind: field === 'userName' && id.includes('@') ? 'email' : kind, id });
  }
  return {
    profile: {
      agentId,
      name: `${text(value.firstName)} ${text(value.lastName)}`.trim() || text(value.userName),
      team: text(value.teamName),
    },
    organisationId: idText(value.businessUnitId) || businessUnitId,
    active: bool(value.isActive),
    otherIds,
  };
}

/** Active: the skill is, and so is the agent's assignment to it, as far as either is said. What nobody can read is left out. */
export function readSkill(value: unknown): SkillGroup[] {
  if (!isRecord(value)) return [];
  const name = text(value.skillName) || idText(value.skillId);
  const said = [bool(value.isActive), bool(value.isSkillActive)].filter((each) => each !== null);
  return name === '' ? [] : [{ name, active: said.length === 0 ? null : !said.includes(false) }];
}

/** Rights are the user's role here and no scope: `Key: Value`. The business unit where all of them name the same. */
export function readMe(permissions: readonly unknown[]): Me {
  const units = new Set<string>();
  const rights = new Set<string>();
  for (const each of permissions) {
    if (!isRecord(each)) continue;
    const unit = idText(each.BusinessUnitId ?? each.businessUnitId);
    if (unit !== '') units.add(unit);
    const key = text(each.Key ?? each.key);
    const value = text(each.Value ?? each.value);
    if (key !== '') rights.add(value === '' ? key : `${key}: ${value}`);
  }
  const [unit = ''] = units;
  return { organisationId: units.size === 1 ? unit : '', roles: [], permissions: [...rights] };
}
