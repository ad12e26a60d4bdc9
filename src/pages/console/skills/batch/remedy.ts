/** Why a batch waits or is paused, and the one button that helps. */
import type { Batch, Pause } from '../../../../domain/skills/batch.ts';

/**
 * `switchBack`: to the connection it was planned for. `useSkills`: the capability, with its scopes. `null`: nobody can mend it here; the words say
 * who can.
 */
export type Remedy = 'goOn' | 'signIn' | 'useSkills' | 'grantHosts' | 'switchBack' | 'openSettings' | null;

const REMEDIES: Record<Pause, Remedy> = {
  user: 'goOn',
  rateLimited: 'goOn',
  offline: 'goOn',
  serverError: 'goOn',
  signedOut: 'signIn',
  tokenRejected: 'signIn',
  otherUser: 'signIn',
  otherTenant: 'openSettings',
  otherConnection: 'switchBack',
  scopeMissing: 'useSkills',
  forbidden: 'goOn',
  hostAccess: 'grantHosts',
  writesDisabled: null,
  capabilityOff: 'useSkills',
  tooMany: null,
  corrupted: null,
  failed: 'goOn',
};

export const remedyOf = (pause: Pause | null): Remedy => (pause === null ? 'goOn' : REMEDIES[pause]);

/** Whether it makes sense to go on at all: what only others can mend stays as it is until they have. */
export const canGoOn = ({ status, pause }: Pick<Batch, 'status' | 'pause'>): boolean =>
  status === 'paused' && pause !== 'corrupted' && pause !== 'otherConnection';
