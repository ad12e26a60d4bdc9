/**
 * The dry run: what every row would change, and why it may not be written. What is the same for all is asked for once, of each user once what he
 * holds and whether he may; a row that has been looked at is on disk, and is not looked at again after a kill.
 */
import type { Answer, Person } from '../cxone/port.ts';
import type { AgentId } from '../domain/agent-state.ts';
import type { Profile } from '../domain/connection.ts';
import { type Assignment, SKILL_TRAITS, type Skill, type SkillId } from '../domain/skills/assignment.ts';
import type { BatchRow } from '../domain/skills/batch.ts';
import { decide, type RowEvidence } from '../domain/skills/dry-run.ts';
import { lanesOf } from '../domain/skills/lanes.ts';
import { plain } from '../domain/skills/twice.ts';
import type { Ask } from './batch-ask.ts';
import { createLanes, type Lane } from './batch-lanes.ts';
import { halt, keep, Stopped, type Task } from './batch-task.ts';
import { chaosStep } from './chaos-step.ts';

/** So few are asked for one by one. */
const SINGLY = 10;
/** A tenant that gives the same page for ever is not read to its end. */
const MAX_PAGES = 1_000;

type User = RowEvidence['user'];
/** Null: it could not be read, and why. */
interface Told<T> {
  value: T | null;
  unreadable: string;
}

/** @param waits in how many ms what was written for a user lately can be seen: sooner CXone may still tell what there was before */
export async function check(task: Task, ask: Ask, waits: ReadonlyMap<AgentId, number>): Promise<void> {
  const open = lanesOf(task.rows.filter(({ diff }) => diff === 'unchecked'));
  if (open.size === 0) return;
  const skills = await skillsOf(ask);
  const listed = open.size > SINGLY ? await everybody(ask) : new Map<AgentId, User>();
  const users = [...open.keys()].map((userId) => ({ userId, waitMs: waits.get(userId) ?? 0, tries: 0 }));
  const longest = Math.max(...users.map(({ waitMs }) => waitMs));
  if (longest > 0) {
    // Whoever watches is told what it waits for.
    task.batch.notBeforeMs = Math.ceil(Date.now() + longest);
    task.changed();
  }
  const lanes = createLanes(users);
  task.nudge = lanes.nudge;
  const turn = async ({ userId }: Lane): Promise<number> => {
    try {
      await checkUser(task, ask, open.get(userId) ?? [], { skills, listed: listed.get(userId) });
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      halt(task, error.stop);
    }
    return 0;
  };
  await lanes.work(task.config.settings.batchConcurrency, turn, () => task.stop !== null);
}

interface Shared {
  skills: Told<ReadonlyMap<SkillId, Skill>>;
  /** Undefined: not in the list, if there was one. */
  listed: User | undefined;
}

async function checkUser(task: Task, ask: Ask, rows: readonly BatchRow[], { skills, listed }: Shared): Promise<void> {
  const userId = rows[0]?.userId ?? '';
  const { port } = ask;
  const traits = SKILL_TRAITS[task.batch.target.profile];
  await chaosStep('batch:checking');
  const user = listed ? { value: listed, unreadable: '' } : await userOf(ask, userId, task.batch.target.profile);
  const there = user.value?.known === true;
  const held: Told<Assignment[]> & { unread: SkillId[] } = { value: null, unreadable: '', unread: [] };
  if (there) {
    const answer = await ask.readPatiently((token) => port.skills.assignments(token, userId));
    if (answer.outcome === 'ok') {
      held.value = answer.assignments;
      held.unread = answer.unread ?? [];
    } else held.unreadable = wordsOf(answer);
  }
  const asksLicence = there && traits.licences && rows.some(({ wish }) => wish !== null);
  const entitled = asksLicence ? await entitlementOf(ask, userId) : { value: null, unreadable: '' };
  if (task.stop) return;
  await chaosStep('batch:looked');
  const next = rows.map((row): BatchRow => {
    const doubtful = isDoubtful(row.skillId, held.value ?? [], held.unread);
    const { diff, refusals, before } = decide(
      // Of two spellings one was asked for.
      { ...row, userId, held: row.wish },
      {
        skills: skills.value,
        user: user.value,
        organisationId: task.batch.target.organisationId,
        entitled: entitled.value,
        assignments: doubtful ? null : held.value,
        unreadable: user.unreadable || held.unreadable || entitled.unreadable || skills.unreadable,
      },
      traits,
    );
    return { ...row, diff, refusals, before, state: diff === 'same' || diff === 'refused' ? 'skipped' : 'planned' };
  });
  await keep(task, next, []);
}

/** Whether nobody can tell what is held of a skill; '' in `unread` may be any that is not named elsewhere. */
export function isDoubtful(skillId: SkillId, assignments: readonly Assignment[], unread: readonly SkillId[]): boolean {
  return unread.includes(skillId) || (unread.includes('') && !assignments.some((each) => each.skillId === skillId));
}

async function skillsOf(ask: Ask): Promise<Told<ReadonlyMap<SkillId, Skill>>> {
  const answer = await ask.readPatiently((token) => ask.port.skills.skills(token));
  if (answer.outcome !== 'ok') return { value: null, unreadable: wordsOf(answer) };
  return { value: new Map(answer.skills.map((skill) => [skill.skillId, skill])), unreadable: '' };
}

/** Whom the tenant lists; whoever is not among them is asked for singly, as nobody is, where there is no such list. */
async function everybody(ask: Ask): Promise<Map<AgentId, User>> {
  const users = new Map<AgentId, User>();
  for (let page = 1; page <= MAX_PAGES; page++) {
    const answer = await ask.readPatiently((token) => ask.port.directory(token, page));
    if (answer.outcome !== 'ok') break;
    const before = users.size;
    for (const person of answer.people) users.set(plain(person.profile.agentId), known(person));
    if (!answer.more || users.size === before) break;
  }
  return users;
}

const known = ({ organisationId }: Person) => ({ known: true, organisationId });

async function userOf(ask: Ask, userId: AgentId, profile: Profile): Promise<Told<NonNullable<User>>> {
  const answer = await ask.readPatiently((token) => ask.port.agent(token, userId));
  if (answer.outcome === 'ok') {
    const { agentId } = answer.person.profile;
    // The public API answers to a user's id too.
    const other = profile === 'public' && plain(agentId) !== plain(userId);
    return { value: { ...known(answer.person), ...(other && { goesBy: agentId }) }, unreadable: '' };
  }
  if (answer.status === 404) return { value: { known: false, organisationId: '' }, unreadable: '' };
  return { value: null, unreadable: wordsOf(answer) };
}

async function entitlementOf(ask: Ask, userId: AgentId): Promise<Told<boolean>> {
  const { entitled } = ask.port.skills;
  if (!entitled) return { value: null, unreadable: '' };
  const answer = await ask.readPatiently((token) => entitled(token, userId));
  return answer.outcome === 'ok' ? { value: answer.entitled, unreadable: '' } : { value: null, unreadable: wordsOf(answer) };
}

function wordsOf(answer: Answer<unknown>): string {
  if (answer.outcome === 'ok') return '';
  return answer.detail || (answer.status > 0 ? String(answer.status) : '');
}
