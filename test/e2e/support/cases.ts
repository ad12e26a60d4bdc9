/**
 * Every cause the product tells apart, as a fault of the tenant: one table for both profiles. What a profile cannot have stands in it with the
 * reason; a cause without a row for either does not compile.
 */
import type { Profile } from '../../../src/domain/connection.ts';
import type { Cause, Confidence, Remedy, WhoCanFix } from '../../../src/domain/diagnosis/causes.ts';
import type { Person } from '../../tenant/people.ts';
import { PUBLIC_CASES } from './cases-public.ts';
import { V2_CASES } from './cases-v2.ts';
import type { Asked } from './diagnosis.ts';
import type { Situation } from './stage.ts';

export interface Case extends Situation {
  /** What it is, in the words of the test's title; the scenario's name by default. */
  what?: string;
  /** The id asked about; the subject's by default. */
  about?: (subject: Person) => string;
  confidence?: Confidence;
  remedy?: Remedy | null;
  who?: WhoCanFix;
  /** What the remedy is applied to. */
  argument?: (subject: Person) => string;
  /** Placeholders of the sentence, where they are what it is about. */
  params?: (subject: Person) => unknown[];
  /** All that is asked of CXone for it, in order; what a poll had asked already is not asked again. */
  asks?: Asked[];
}

/** The same symptom from another cause; null: none can be shown. */
export type NearMiss = Case & {
  cause: Cause | null;
  /** Not asked again and again until the end: by then all that could tell it apart is known. */
  briefly?: boolean;
};

export interface Shown extends Case {
  asks: Asked[];
  /** Other forms the same cause takes. */
  forms?: Case[];
  nearMisses: [NearMiss, ...NearMiss[]];
}

/** A cause this profile of the tenant cannot have, and why. */
export interface Elsewhere {
  notHere: string;
}

/** What the name stands for can be brought about, and nobody is missing for it: there is nothing to find. */
interface Harmless {
  scenario: string;
  notACause: string;
}

export type Cases = Record<Cause, Shown | Elsewhere | Harmless>;

export const CASES: Record<Profile, Cases> = { v2: V2_CASES, public: PUBLIC_CASES };
