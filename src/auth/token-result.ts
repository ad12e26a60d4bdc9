import type { AuthFailure } from '../domain/auth-status.ts';
import type { Access } from './vault.ts';

/**
 * What comes of asking for a token. `transient`: it is tried again later; `notBeforeMs` (epoch ms): no sooner than then, because the
 * provider said so.
 */
export type TokenResult =
  | { ok: true; access: Access }
  | { ok: false; failure: AuthFailure | null; transient: boolean; notBeforeMs?: number };

/** Nobody is signed in, or somebody has to sign in first: the status tells. */
export const NO_TOKEN: TokenResult = { ok: false, failure: null, transient: false };
export const CANCELLED: TokenResult = { ok: false, failure: 'cancelled', transient: false };
