/** The synthetic people, teams and skills of the demo tenant. Nobody here exists; every address ends in example.com. */
import { Random } from './random.ts';

/** A skill (queue) agents can be assigned to. */
export interface Skill {
  id: string;
  name: string;
  /** A paused skill yields no states. */
  active: boolean;
}

/** An agent's profile, as `GET /api/v2/agents/{id}` answers it (seed 000), plus the skills assigned to the agent. */
export interface Person {
  /** The agent id (UUID) the states endpoint knows; the other ids below are the ones people confuse it with. */
  id: string;
  name: string;
  email: string;
  extension: string;
  externalId: string;
  userId: string;
  orgId: string;
  teamName: string;
  state: 'active' | 'inactive';
  skills: Skill[];
}

/** The organisation the agents belong to. */
export const ORG_ID = 'org-demo-7f3a';
/** The organisation of the account `other`. */
export const OTHER_ORG_ID = 'org-other-51c0';

/** The agents everybody meets first: fixed places in the list, so that scenarios and tests can name them. */
const FIRST_PEOPLE = [
  'Dana Ortiz',
  'Jonas Weber',
  'Mei Lin Tan',
  'Ravi Menon',
  'Amara Okafor',
  'Sofía Reyes',
  'Priya Nair',
  'Tom Baker',
  'Lena Fischer',
  'ليلى حداد',
  'נועה ברק',
  'Maximiliana Alexandrovna von Hohenberg-Szczepańska de la Vega y Montenegro',
  'Bo Li',
  'Siobhán O’Rourke',
  'Nguyễn Thị Hương',
  'Łukasz Żak',
  'Zoë van der Berg',
  'Kwame Mensah',
  'Yuki Tanaka',
  'Hassan Demir',
];

const GIVEN =
  'Ada Aiko Alba Amir Anouk Arjun Astrid Aylin Bela Carlos Chiara Chen Daniel Deniz Elif Emeka Farah Felix Gita Hana Hugo Ines Ivan Jamal Joana Kai Keiko Lars Leila Luca Maya Mateo Nadia Noor Olga Omar Paula Pedro Quinn Rana Rosa Samir Selin Tariq Tessa Uma Viktor Wanda Xenia Yara Zane Zuri'.split(
    ' ',
  );
const FAMILY =
  'Abara Almeida Andersson Bauer Bianchi Castillo Chandra Costa Dimitrov Dubois Eriksen Farouk Ferrari Garza Haddad Hoffmann Ibrahim Ito Jansen Joshi Kamau Kaplan Kim Kowalski Larsen Lindqvist Lopez Mbeki Moreau Moretti Mwangi Novak Nowak Osei Papadakis Park Petrov Popescu Rahman Ramos Rossi Sato Schmidt Silva Singh Sokolov Suzuki Torres Vargas Virtanen Yilmaz Zhang'.split(
    ' ',
  );

const TEAMS = ['Billing North', 'Support EMEA', 'Sales Americas', 'Care Español', 'Digital Desk'];
const SKILL_NAMES = ['Billing', 'Tier 1', 'Tier 2', 'Español', 'Chat', 'Retention', 'Sales', 'Back office'];

/** The name of agent number `index`; unique up to about 70,000 agents. */
export function nameOf(index: number): string {
  const first = FIRST_PEOPLE[index];
  if (first !== undefined) return first;
  const n = index - FIRST_PEOPLE.length;
  const pairs = GIVEN.length * FAMILY.length;
  // 37 and the list length have no common factor, so that neighbours in the list differ in both names.
  const given = GIVEN[n % GIVEN.length] ?? 'Sam';
  const family = FAMILY[(Math.floor(n / GIVEN.length) + n * 37) % FAMILY.length] ?? 'Example';
  const round = Math.floor(n / pairs);
  return round === 0 ? `${given} ${family}` : `${given} ${String.fromCharCode(64 + round)}. ${family}`;
}

/** Makes the tenant's skills. */
export function makeSkills(seed: number): Skill[] {
  const random = new Random(seed, 0x5c111);
  return SKILL_NAMES.map((name) => ({ id: random.uuid(), name, active: true }));
}

/** Makes agent number `index` with one to three of the skills. */
export function makePerson(seed: number, index: number, skills: readonly Skill[]): Person {
  const random = new Random(seed, 0x900d + index);
  const start = random.int(skills.length);
  const own: Skill[] = [];
  for (let i = 0, count = 1 + random.int(3); i < count; i++) {
    const skill = skills[(start + i * 3) % skills.length];
    if (skill) own.push(skill);
  }
  return {
    id: random.uuid(),
    name: nameOf(index),
    email: `agent${String(index + 1).padStart(4, '0')}@example.com`,
    extension: String(2000 + index),
    externalId: `EMP-${100000 + index}`,
    userId: random.uuid(),
    orgId: ORG_ID,
    teamName: TEAMS[index % TEAMS.length] ?? 'Support',
    state: 'active',
    skills: own,
  };
}
