/** What writing a row would change, and why it may not be written: decided from what the tenant says, never from what is likely. */
import { type Assignment, type Held, type Skill, type SkillId, type SkillTraits, sameHeld, type Wish } from './assignment.ts';
import type { BatchRow, Diff, Refusal, RefusalCode } from './batch.ts';

/** What the tenant has been asked for one row. Null: it could not be read (or, of `entitled`, there is nothing to ask). */
export interface RowEvidence {
  skills: ReadonlyMap<SkillId, Skill> | null;
  /** `organisationId` '' = nobody says. `goesBy`: the id he is kept under, where he was asked for by another. */
  user: { known: boolean; organisationId: string; goesBy?: string } | null;
  /** The one the batch is planned for; '' = nobody says. */
  organisationId: string;
  entitled: boolean | null;
  /** Of the user; others' among them do no harm. */
  assignments: readonly Assignment[] | null;
  /** Why something could not be read, in the server's own words; may be empty. */
  unreadable: string;
}

export interface Decision {
  diff: Diff;
  /** All there are, in the order they are worth reading. */
  refusals: Refusal[];
  /** What the user holds now; without meaning where it could not be read. */
  before: Held | null;
}

/**
 * Pure. `expected` is of an undo: a third value is somebody else's, and stays. A switched-off wish in a profile that cannot switch off is `cannotRemove`, as a removal is. A skill that no strategy uses can still be taken
 * away or switched off.
 */
export function decide(wish: Wish & Pick<BatchRow, 'expected'>, evidence: RowEvidence, traits: SkillTraits): Decision {
  const refusals: Refusal[] = [];
  const refuse = (code: RefusalCode, ...params: string[]) => refusals.push({ code, params });
  const { userId, skillId, held, expected } = wish;
  const { skills, user, organisationId, entitled, assignments, unreadable } = evidence;

  if (user && !user.known) refuse('userUnknown');
  // By two ids he would be two people: two rows for one skill, and two writes at once.
  if (user?.goesBy) refuse('otherId', user.goesBy);
  const elsewhere = user?.known && user.organisationId !== '' && organisationId !== '' && user.organisationId !== organisationId;
  if (elsewhere) refuse('otherOrganisation', user.organisationId);

  if (held && skills) {
    const skill = skills.get(skillId);
    if (!skill) refuse('skillUnknown');
    else if (held.active && !skill.active) refuse('skillNotRouted');
  }
  if (held && traits.licences && entitled === false) refuse('noLicence');

  const before = assignments?.find((each) => each.userId === userId && each.skillId === skillId)?.held ?? null;
  if (held ? !held.active && !traits.activity : !traits.removal) refuse('cannotRemove');
  else if (!held && assignments && !before && user?.known !== false) refuse('notAssigned');

  const { min, max } = traits.levels;
  if (held && !(Number.isInteger(held.level) && held.level >= min && held.level <= max))
    refuse('level', String(min), String(max));
  // What the tenant had before it can have again, window or not.
  if (held && expected === undefined && !windowFits(held, traits)) refuse('window');
  if (expected !== undefined && assignments && !sameHeld(before, expected) && !sameHeld(before, held)) refuse('changedSince');

  // Of somebody who is not there nothing else can be read.
  const readable =
    user !== null &&
    (!user.known || (assignments !== null && !(held && traits.licences && entitled === null))) &&
    !(held && !skills);
  if (!readable) refuse('notReadable', unreadable);

  return { diff: refusals.length > 0 ? 'refused' : diffOf(before, held), refusals, before };
}

function diffOf(before: Held | null, held: Held | null): Diff {
  if (sameHeld(before, held)) return 'same';
  if (!held) return 'removed';
  return before ? 'changed' : 'new';
}

function windowFits({ availableFromAt, availableToAt }: Held, traits: SkillTraits): boolean {
  // The tenant could not keep it, and reading it back would never show it.
  if (!traits.window) return availableFromAt === '' && availableToAt === '';
  return availableFromAt !== '' && Date.parse(availableToAt) > Date.parse(availableFromAt);
}
