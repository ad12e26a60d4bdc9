/** What each check found, in pieces: rules rest on them, the page and the ticket list them. */
import type { Check, Failed } from './evidence.ts';
import {
  type Asked,
  type Facts,
  isGone,
  isOrdinary,
  othersListed,
  ownOrganisations,
  refusesId,
  sameOrganisation,
  signInMs,
} from './facts.ts';
import type { Piece, PieceCode } from './verdict.ts';

export const piece = (check: Check, code: PieceCode, ...params: (string | number)[]): Piece => ({
  check,
  code,
  params: params.map(String),
});

/** As many names as a line holds. */
const NAMES = 5;
export const someOf = (names: readonly string[]) =>
  names
    .filter((name) => name.trim() !== '')
    .slice(0, NAMES)
    .join(', ');

export const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : origin);

/** What a permission that lets one see agent states is called: seed 004 names "Agent State" and "Agent Administrator"; tenants spell them as they like. */
const STATE_RIGHT = /agent[\s._:/-]*state|agent[\s._:/-]*admin|supervis/i;
/** Roles that carry the right by what they are for. A name proves less than a permission. */
const WATCHING_ROLE = /agent[\s._:/-]*state|supervis|admin|manager/i;

/** What other rights are called. One that is called otherwise may be the right, in this tenant's words. */
const OTHER_RIGHT =
  /^(agent|report|skill|audit|user|routing|queue|team|role)(s|ing)?[\s._:/-]*(view|edit|read|write|create|delete|manage)$/i;

/** Whether all rights of the signed-in person are known for what they are. */
export const speaksPlainly = (permissions: readonly string[]) =>
  permissions.length > 0 && permissions.every((name) => OTHER_RIGHT.test(name.trim()));

/** The right to see agent states, by the signed-in person's record. `role`: only a role's name speaks for it. */
export function stateRight({ evidence: { me } }: Facts): { found: string; role: boolean } | 'absent' | 'unknown' {
  if (!me?.ok) return 'unknown';
  const permission = me.permissions.find((name) => STATE_RIGHT.test(name));
  if (permission !== undefined) return { found: permission, role: false };
  const role = me.roles.find((name) => WATCHING_ROLE.test(name));
  if (role !== undefined) return { found: role, role: true };
  return me.permissions.length + me.roles.length > 0 ? 'absent' : 'unknown';
}

/** A request that failed, in words for whoever mends it. */
export function failurePiece({ clock }: Pick<Facts, 'clock'>, check: Check, failed: Failed): Piece {
  const { outcome, status, detail, host, path, notBeforeMs } = failed;
  switch (outcome) {
    case 'unauthorized':
      return piece(check, 'tokenRejected');
    case 'forbidden':
      return piece(check, 'forbidden', detail);
    case 'portal':
      return piece(check, 'webPage', host);
    case 'rateLimited':
      return piece(check, 'slowDown', notBeforeMs > 0 ? clock(notBeforeMs) : '');
    case 'malformed':
      return piece(check, 'unreadable', path);
    case 'unchanged':
      return piece(check, 'stateUnchanged');
    case 'offline':
    case 'serverError':
      if (isGone(failed) || status === 405 || status === 501) return piece(check, 'notThere', host, path);
      return piece(check, 'noAnswer', host, status > 0 ? status : '');
  }
}

/** That CXone did answer a question, for what says that it does not. */
export function answerPiece(facts: Facts, { check, failed }: Asked): Piece {
  if (failed) return failurePiece(facts, check, failed);
  return PIECES_OF[check](facts)[0] ?? piece(check, 'tokenAccepted');
}

export function othersPiece(agents: number): Piece {
  return piece('state', 'othersListed', agents);
}

/** All that each check found. */
export const PIECES_OF: Record<Check, (facts: Facts) => Piece[]> = {
  token({ evidence: { token }, asOfMs, clock }) {
    if (!token) return [];
    const { hostsMissing, notBeforeMs, rejected, phase, expiresMs } = token;
    if (hostsMissing.length > 0) return [piece('token', 'hostsMissing', hostsMissing.map(hostOf).join(', '))];
    const wait = notBeforeMs > asOfMs ? [piece('token', 'mustWait', clock(notBeforeMs))] : [];
    if (rejected) return [piece('token', 'tokenRejected'), ...wait];
    if (phase !== 'signedIn' && phase !== 'scopeLost') return [piece('token', 'signInNeeded'), ...wait];
    const held = expiresMs > 0 ? clock(expiresMs) : '';
    return [rejected === false ? piece('token', 'tokenAccepted') : piece('token', 'signedIn', held), ...wait];
  },

  scopes(facts) {
    const { scopes } = facts.evidence;
    if (!scopes) return [];
    const assumed = scopes.source === 'requested' ? [piece('scopes', 'scopesAssumed', scopes.effective.join(', '))] : [];
    if (facts.lacking.length === 0) {
      return assumed.length > 0 ? assumed : [piece('scopes', 'scopesComplete', scopes.required.join(', '))];
    }
    return [...scopePieces(facts), ...assumed];
  },

  me(facts) {
    const { me, tokenOrganisationId } = facts.evidence;
    if (!me) return [];
    if (!me.ok) return [failurePiece(facts, 'me', me)];
    const own = ownOrganisations(facts.evidence);
    const organisation =
      own.length > 1
        ? [piece('me', 'organisationsDiffer', tokenOrganisationId, me.organisationId)]
        : own.map((id) => piece('me', 'organisationOwn', id));
    const right = rightPiece(facts);
    // Others are listed: what CXone does not say is no question then.
    const idle = right.code === 'permissionsUnknown' && othersListed(facts, signInMs(facts)) > 0;
    return idle ? organisation : [...organisation, right];
  },

  agent(facts) {
    const { agent, agentId } = facts.evidence;
    if (!agent) return [];
    if (!agent.ok) {
      return [refusesId(agent) ? piece('agent', 'agentNotFound', agentId) : failurePiece(facts, 'agent', agent)];
    }
    return [piece('agent', agent.active === false ? 'agentInactive' : 'agentFound'), ...organisationPieces(facts)];
  },

  identity({ evidence: { identity, agentId } }) {
    if (!identity) return [];
    const { looksLike, expected, looked, searched, complete, match } = identity;
    const looks = looksLike === expected ? [] : [piece('identity', 'idLooksLike', looksLike, expected)];
    if (!looked) return looks;
    if (match && match.agentId !== agentId) return [piece('identity', 'idIs', match.kind, match.agentId)];
    return complete && searched > 0 && !match ? [...looks, piece('identity', 'idNowhere', searched)] : looks;
  },

  skillGroups(facts) {
    const { skillGroups } = facts.evidence;
    if (!skillGroups) return [];
    if (!skillGroups.ok) return [failurePiece(facts, 'skillGroups', skillGroups)];
    const { groups } = skillGroups;
    if (groups.length === 0) return [piece('skillGroups', 'groupsNone')];
    const paused = groups.filter(({ active }) => active === false).length;
    const some = piece('skillGroups', 'groupsSome', groups.length, someOf(groups.map(({ name }) => name)));
    return paused > 0 ? [some, piece('skillGroups', 'groupsPaused', paused, groups.length)] : [some];
  },

  state(facts) {
    const { lastTry, evidence, whole, emptyTries, listEmpty } = facts;
    const found = rowPieces(facts);
    const failed = lastTry && !lastTry.ok ? [failurePiece(facts, 'state', lastTry)] : [];
    const none = found.length === 0 && emptyTries > 0 && !whole ? [piece('state', 'stateNone', emptyTries)] : [];
    const others = othersListed(facts, 0);
    const list = others > 0 ? [othersPiece(others)] : listEmpty ? [piece('state', 'othersNone')] : [];
    const since = evidence.missing && found.length === 0 && !whole ? [missingPiece(facts)] : [];
    return [...found, ...none, ...failed, ...list, ...since, ...(found.length === 0 ? seenPieces(facts) : [])];
  },
};

/** What is lacking, and since when. */
export function scopePieces({ evidence: { scopes }, lacking, loss, clock }: Facts): Piece[] {
  if (!scopes || !loss) return [];
  const lack =
    scopes.effective.length === 0
      ? piece('scopes', 'scopesNone')
      : piece('scopes', 'scopesLack', lacking.join(', '), scopes.effective.join(', '));
  const names = loss.scopes.join(', ');
  if (loss.kind === 'neverGiven') return [lack, piece('scopes', 'scopesNeverGiven', names, loss.at ? clock(loss.at.atMs) : '')];
  const { atMs, nth } = loss.at;
  return [lack, piece('scopes', 'scopesLostAt', names, clock(atMs), nth > 0 ? nth : '')];
}

export function rightPiece(facts: Facts): Piece {
  const right = stateRight(facts);
  const { me } = facts.evidence;
  if (right === 'unknown') return piece('me', 'permissionsUnknown');
  return right === 'absent'
    ? piece('me', 'permissionAbsent', me?.ok ? someOf(me.roles) : '')
    : piece('me', 'permissionFound', right.found);
}

export function organisationPieces({ evidence }: Facts): Piece[] {
  const { agent } = evidence;
  const theirs = agent?.ok ? agent.organisationId : '';
  const own = ownOrganisations(evidence);
  if (theirs.trim() === '' || own.length === 0) return [];
  return own.map((id) =>
    sameOrganisation(id, theirs) ? piece('agent', 'organisationSame', theirs) : piece('agent', 'organisationOther', theirs, id),
  );
}

/** What the newest row, or the retry that brought it, tells. */
export function rowPieces({ row, evidence: { states }, clock }: Facts): Piece[] {
  if (!row) return [];
  const pieces: Piece[] = [];
  if (row.category === 'loggedOut' || row.loggedIn === false) {
    pieces.push(piece('state', 'stateLoggedOut', row.sinceMs > 0 ? clock(row.sinceMs) : ''));
  } else if (isOrdinary(row)) {
    const retry = states.findIndex((each) => each.ok && each.row !== null);
    const [first] = states;
    pieces.push(piece('state', 'stateFound', row.stateName));
    if (retry > 0) pieces.push(piece('state', 'stateOnRetry', retry, seconds((states[retry]?.atMs ?? 0) - (first?.atMs ?? 0))));
  } else pieces.push(piece('state', 'stateUnset'));
  if (row.skills === 0 && row.category !== 'loggedOut' && row.loggedIn !== false)
    pieces.push(piece('state', 'stateWithoutSkill'));
  return pieces;
}

/** Whole seconds, at least 0. */
export const seconds = (ms: number) => (Number.isFinite(ms) ? Math.max(0, Math.round(ms / 1000)) : 0);

export const missingPiece = ({ evidence: { missing }, clock }: Facts): Piece =>
  piece('state', 'missingSince', missing ? clock(missing.sinceMs) : '');

/** Our own record. What lies further back than a working day says nothing of today. */
const WORKDAY_MS = 8 * 3_600_000;
export function seenPieces({ evidence: { lastSeen }, asOfMs, clock }: Facts): Piece[] {
  if (!lastSeen) return [];
  const { category, stateName, atMs } = lastSeen;
  if (category === 'loggedOut') return [piece('state', 'seenLoggingOut', clock(atMs))];
  return asOfMs - atMs < WORKDAY_MS ? [piece('state', 'seenActive', stateName, clock(atMs))] : [];
}
