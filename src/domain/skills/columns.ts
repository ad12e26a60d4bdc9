/** Which column of somebody's file is which of ours. */
import type { SkillTraits } from './assignment.ts';

/** Seed 003's names; `active` and `action` are ours, for what only some tenants can. */
export const COLUMNS = ['userId', 'skillId', 'level', 'availableFrom', 'availableTo', 'active', 'action'] as const;
export type Column = (typeof COLUMNS)[number];

/** The index of the file's column; null: the file has none. */
export type Mapping = Record<Column, number | null>;

/** What others call them, in small letters and without blanks: the likeliest first. */
const NAMES: Readonly<Record<Column, readonly string[]>> = {
  userId: ['userid', 'agentid', 'useridentifier', 'agentno', 'agentnumber', 'user', 'agent'],
  skillId: ['skillid', 'skillno', 'skillnumber', 'skill'],
  level: [
    'level',
    'skilllevel',
    'proficiency',
    'proficiencylevel',
    'proficiencyvalue',
    'agentproficiency',
    'agentproficiencyvalue',
    'skillproficiency',
  ],
  availableFrom: ['availablefrom', 'from', 'validfrom', 'startdate', 'starttime', 'start', 'begin'],
  availableTo: ['availableto', 'to', 'availableuntil', 'validto', 'validuntil', 'until', 'enddate', 'endtime', 'end'],
  active: ['active', 'isactive', 'enabled', 'isenabled'],
  action: ['action', 'operation', 'change'],
};

/** What the first line of a file seems to mean. No column of the file is taken twice; what no name fits stays open. */
export function guessMapping(header: readonly string[]): Mapping {
  const names = header.map((name) =>
    name
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}()[\]]/gu, ''),
  );
  const mapping = {} as Mapping;
  for (const column of COLUMNS) {
    const name = NAMES[column].find((each) => names.includes(each));
    mapping[column] = name === undefined ? null : names.indexOf(name);
  }
  return mapping;
}

/** The cells of one line, by our names; '' where the file has none. */
export function cellsOf(fields: readonly string[], mapping: Mapping): Record<Column, string> {
  const cells = {} as Record<Column, string>;
  for (const column of COLUMNS) {
    const index = mapping[column];
    cells[column] = (index === null ? undefined : fields[index]) ?? '';
  }
  return cells;
}

/** What a file must have and has not. A level is not needed where every row may be a removal. */
export function missingColumns(mapping: Mapping, traits: SkillTraits): Column[] {
  const needed: Column[] = ['userId', 'skillId'];
  if (!(traits.removal && mapping.action !== null)) needed.push('level');
  if (traits.window) needed.push('availableFrom', 'availableTo');
  return needed.filter((column) => mapping[column] === null);
}

/** What the file has and the tenant cannot keep: its cells are not looked at. */
export function ignoredColumns(mapping: Mapping, traits: SkillTraits): Column[] {
  if (traits.window) return [];
  return (['availableFrom', 'availableTo'] as const).filter((column) => mapping[column] !== null);
}
