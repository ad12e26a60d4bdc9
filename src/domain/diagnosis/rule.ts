/** One rule per cause: what the evidence says for it and against it. */
import type { Cause, Confidence, Remedy, WhoCanFix } from './causes.ts';
import type { Facts } from './facts.ts';
import type { Params } from './params.ts';
import type { Piece } from './verdict.ts';

export interface Found<C extends Cause> {
  /** As it would be if nothing spoke against it. */
  confidence: Confidence;
  params: Params[C];
  who: WhoCanFix;
  remedy: Remedy | null;
  /** See `Verdict.remedyArgument`. */
  argument?: string;
  supports: Piece[];
  contradicts?: Piece[];
}

/** Null: nothing speaks for it. */
export type Rule<C extends Cause> = (facts: Facts) => Found<C> | null;
export type Rules<C extends Cause> = { [K in C]: Rule<K> };
