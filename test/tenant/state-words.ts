import type { StateCode } from './simulation.ts';

/** What the product is to call a state whose code comes without a name, as those of v2's history do. */
export const CALLED: Record<StateCode, string> = {
  READY: 'Ready',
  NOT_READY: 'Not ready',
  ON_CONTACT: 'On contact',
  WRAP_UP: 'Wrap up',
  LOGIN: 'Logged in',
  LOGOUT: 'Logged out',
};
