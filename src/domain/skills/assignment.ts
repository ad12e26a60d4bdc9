/** Skills given to users: plain data (DESIGN sections 2 and 4; seed 003; facts/cxone-api.md section 3). */
import type { AgentId } from '../agent-state.ts';
import type { Profile } from '../connection.ts';

/** Opaque, as `AgentId` is. */
export type SkillId = string;

/** A skill as the tenant lists it. */
export interface Skill {
  skillId: SkillId;
  /** '' when the tenant gives none. */
  name: string;
  /** Used by an active routing strategy (`v2`), or active itself (`public`). */
  active: boolean;
}

/** What a user holds of one skill. */
export interface Held {
  /** In the profile's own scale: see `SkillTraits.levels`. */
  level: number;
  /** ISO 8601 in UTC, whole seconds (`2026-01-15T08:00:00Z`); '' = no bound, and always so where the profile has no window. */
  availableFromAt: string;
  availableToAt: string;
  /** Always true in a profile where an assignment cannot be switched off. */
  active: boolean;
}

export interface Assignment {
  userId: AgentId;
  skillId: SkillId;
  held: Held;
}

/** What somebody wants: `held` null takes the skill away. */
export interface Wish {
  userId: AgentId;
  skillId: SkillId;
  held: Held | null;
}

/** What a profile's API can do with skills. What it lacks is said on the page and left out, never guessed. */
export interface SkillTraits {
  levels: { min: number; max: number; best: 'high' | 'low' };
  /** `availableFrom` and `availableTo`; both are needed then. */
  window: boolean;
  /** Whether licences can be asked for. */
  licences: boolean;
  /** Whether a skill can be taken away. */
  removal: boolean;
  /** Whether an assignment can be switched off and stay. */
  activity: boolean;
  /** Whether there are figures for `suggestedLevel`. */
  suggestions: boolean;
}

export const SKILL_TRAITS: Readonly<Record<Profile, SkillTraits>> = {
  // Seed 003: level 1–5, window required; it names no way to take a skill away.
  v2: {
    levels: { min: 1, max: 5, best: 'high' },
    window: true,
    licences: true,
    removal: false,
    activity: false,
    suggestions: true,
  },
  // Facts section 3: proficiency 1 best … 20; performance there knows neither talk time by handle time nor a resolution rate.
  public: {
    levels: { min: 1, max: 20, best: 'low' },
    window: false,
    licences: false,
    removal: true,
    activity: true,
    suggestions: false,
  },
};

/** Whether two are the same for the tenant; null: the skill is not assigned. */
export function sameHeld(a: Held | null, b: Held | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.level === b.level && a.availableFromAt === b.availableFromAt && a.availableToAt === b.availableToAt && a.active === b.active
  );
}
