/** What the control API has for skills: everything that was written, and the hand of a third party. */
import type { ControlExtras } from './control.ts';
import { HttpError } from './http.ts';
import type { Simulation } from './simulation.ts';
import type { HeldSkill, SkillLedger } from './skill-ledger.ts';

const bad = (text: string) => new HttpError(400, 'bad_skill', text);

/** The value somebody sets by hand: what is not said stays as it is. */
function valueFrom(body: Record<string, unknown>, had: HeldSkill | null): HeldSkill | null {
  const { level = had?.level ?? 1, isActive = had?.isActive ?? true, removed = false } = body;
  const { availableFrom = had?.availableFrom ?? '', availableTo = had?.availableTo ?? '' } = body;
  if (removed === true) return null;
  if (typeof level !== 'number' || !Number.isInteger(level)) throw bad('level must be a whole number');
  if (typeof isActive !== 'boolean') throw bad('isActive must be true or false');
  if (typeof availableFrom !== 'string' || typeof availableTo !== 'string') throw bad('availableFrom and availableTo are texts');
  return { level, isActive, availableFrom, availableTo };
}

/** The calls about skills, for both profiles. */
export function skillControl(sim: Simulation, ledger: SkillLedger): ControlExtras {
  function agentOf(name: unknown) {
    const agent = sim.find(String(name ?? ''));
    if (!agent) throw new HttpError(404, 'not_found', 'no such agent');
    return agent;
  }
  return {
    help: {
      'GET /control/writes?since=SEQ':
        'every change of a skill after SEQ: seq, at, requestId, by (client | other), method, agentId, skillId, success, value, before, appliedAt',
      'GET /control/skills?agent=ID':
        'what an agent holds of each skill, as everybody is told now; and how many changes have not taken effect',
      'POST /control/skills':
        '{agent, skill (id or name), level?, isActive?, availableFrom?, availableTo?, removed?}: a third party',
    },
    routes: {
      'GET writes': (query) => ledger.writesSince(Number(query.get('since') ?? 0) || 0),
      'GET skills': (query) => ({
        skills: ledger.of(agentOf(query.get('agent'))).map(({ skill, held }) => ({ skillId: skill.id, ...held })),
        pending: ledger.pending,
      }),
      'POST skills': (_query, body) => {
        const agent = agentOf(body.agent);
        const skill = sim.skills.find(({ id, name }) => id === body.skill || name === body.skill);
        if (!skill) throw new HttpError(404, 'not_found', 'no such skill');
        const value = valueFrom(body, ledger.held(agent, skill.id));
        ledger.accept({ requestId: '', by: 'other', method: value === null ? 'DELETE' : 'POST' }, agent, skill.id, value);
        return { agentId: agent.person.id, skillId: skill.id, held: ledger.held(agent, skill.id) };
      },
    },
  };
}
