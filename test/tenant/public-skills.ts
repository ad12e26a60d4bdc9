/**
 * Skills of agents in the public API: read, assigned, modified, taken away (facts, section 3). A request succeeds as a whole with 200 and fails item
 * by item inside.
 */
import { traitsOf } from './cast-public.ts';
import { type Faults, listOf, textOf } from './faults.ts';
import { HttpError } from './http.ts';
import type { Skill } from './people.ts';
import type { Row } from './public-query.ts';
import type { Agent } from './simulation.ts';
import type { SkillFaults } from './skill-faults.ts';
import type { Assignment, HeldSkill, SkillLedger } from './skill-ledger.ts';

/** "Cannot send more than 10,000 records in a single call" (facts, section 3). */
const MOST_ITEMS = 10_000;

interface Item {
  skillId: string;
  proficiency?: unknown;
  isActive?: unknown;
}

function itemsOf(body: Buffer, method: string): Item[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    throw new HttpError(400, 'invalid_request', 'Invalid JSON');
  }
  const skills = typeof parsed === 'object' && parsed !== null ? (parsed as Row).skills : undefined;
  if (!Array.isArray(skills) || skills.length === 0) throw new HttpError(400, 'invalid_request', 'skills is required');
  if (skills.length > MOST_ITEMS) {
    throw new HttpError(400, 'invalid_request', 'Cannot send more than 10,000 records in a single call');
  }
  for (const item of skills as Row[]) {
    if (typeof item?.skillId !== 'string') throw new HttpError(400, 'invalid_request', 'skillId must be a string');
    if (method === 'PUT' && typeof item.isActive !== 'boolean')
      throw new HttpError(400, 'invalid_request', 'isActive is required');
  }
  return skills as Item[];
}

/** What an agent holds of a skill at the start. */
export function firstHeldPublic(agent: Agent, nth: number): HeldSkill {
  return { level: 1 + ((agent.index + nth * 3) % 5), isActive: true, availableFrom: '', availableTo: '' };
}

/** A request to write, as far as it concerns the skills. */
export interface SkillRequest {
  method: string;
  path: string;
  body: Buffer;
  requestId: string;
  /** Is told of faults. */
  note(fault: string): void;
}

export class PublicSkills {
  readonly #ledger: SkillLedger;
  readonly #faults: Faults;
  readonly #skillFaults: SkillFaults;

  constructor(ledger: SkillLedger, faults: Faults, skillFaults: SkillFaults) {
    this.#ledger = ledger;
    this.#faults = faults;
    this.#skillFaults = skillFaults;
  }

  /** The skills assigned to an agent. */
  of(agent: Agent): Assignment[] {
    return this.#ledger.of(agent);
  }

  /** Carries out `POST` (assign), `PUT` (modify) or `DELETE` (take away) for an agent. A fault of writing is that of the first item. */
  async write(agent: Agent, request: SkillRequest): Promise<Row> {
    const { method, path, requestId, note } = request;
    const items = itemsOf(request.body, method);
    const attempts = items.map(({ skillId, proficiency }) => ({
      path,
      agent,
      skillId,
      level: method === 'DELETE' ? null : Number(proficiency ?? 1),
      note,
    }));
    const [first] = attempts;
    const draft = { requestId, by: 'client', method } as const;
    if (first) this.#skillFaults.before(first, draft);
    let answerMs = 0;
    const results = items.map((item, index) => {
      const value = this.#failing(item, path, note) ?? this.#wanted(method, agent, item);
      const error = typeof value === 'string' ? value : '';
      if (typeof value === 'string') {
        this.#ledger.refuse(draft, agent, item.skillId);
      } else {
        const lateness = this.#skillFaults.lateness(attempts[index] ?? (first as (typeof attempts)[number]));
        this.#ledger.accept(draft, agent, item.skillId, value, lateness.delayMs);
        answerMs = Math.max(answerMs, lateness.answerMs);
      }
      return { skillId: /^\d+$/.test(item.skillId) ? Number(item.skillId) : 0, success: error === '', error };
    });
    if (first) await this.#skillFaults.after(first, answerMs);
    return { errorCount: results.filter(({ success }) => !success).length, skillResults: results };
  }

  /** The error a fault has for this item; null: none. */
  #failing({ skillId }: Item, path: string, note: (fault: string) => void): string | null {
    for (const fault of this.#faults.active('skillItemsFail', path)) {
      const named = Array.isArray(fault.spec.skills) ? fault.spec.skills.map(String) : listOf(fault, 'skills');
      const name = this.#ledger.skill(skillId)?.name;
      if (named.length > 0 && !named.includes(skillId) && !(name !== undefined && named.includes(name))) continue;
      this.#faults.use(fault);
      note('skillItemsFail');
      return textOf(fault, 'error') ?? 'The skill could not be changed';
    }
    return null;
  }

  /** What the agent shall hold then, null: nothing; a text: why it cannot be. */
  #wanted(method: string, agent: Agent, { skillId, proficiency, isActive }: Item): HeldSkill | null | string {
    if (!this.#ledger.skill(skillId)) return 'Invalid skillId';
    const known = this.#ledger.held(agent, skillId);
    if (method === 'POST' && known) return 'Skill is already assigned to the agent';
    if (method !== 'POST' && !known) return 'Skill is not assigned to the agent';
    if (method === 'DELETE') return null;
    const level = proficiency === undefined ? (known?.level ?? 1) : Number(proficiency);
    if (!Number.isInteger(level) || level < 1 || level > 20) return 'Invalid proficiency';
    const active = isActive === undefined ? (known?.isActive ?? true) : isActive === true;
    return { level, isActive: active, availableFrom: '', availableTo: '' };
  }
}

const LEVEL_NAMES = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];

/** The name of a proficiency; the public documents name the first five only. */
export function proficiencyName(level: number): string {
  return LEVEL_NAMES[level - 1] ?? String(level);
}

/** What an assignment says of its skill. */
export function skillMembers(skill: Skill): Row {
  const { mediaTypeId, mediaTypeName, isOutbound, campaignId } = traitsOf(skill);
  return { skillId: Number(skill.id), skillName: skill.name, mediaTypeId, mediaTypeName, isOutbound, campaignId };
}
