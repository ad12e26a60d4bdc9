/**
 * Asking the tenant on behalf of a batch: never while a poll runs, never sooner than it wishes, and only as the person and at the organisation
 * the batch was planned for. What concerns more than the question at hand is thrown as `Stopped`.
 */
import type { Auth } from '../auth/auth.ts';
import type { TokenResult } from '../auth/token-result.ts';
import type { Access } from '../auth/vault.ts';
import type { Answer, CxonePort, Failure, Me } from '../cxone/port.ts';
import { type Connection, type ConnectionId, scopesOf } from '../domain/connection.ts';
import { MAX_RETRY_AFTER_MS, rateLimitBackoffMs } from '../domain/retry-after.ts';
import { lacking } from '../domain/scopes.ts';
import { authStatusItem } from '../storage/items.ts';
import { log } from '../storage/log.ts';
import { holdBack, skewOf } from '../storage/poll-store.ts';
import { paused, type Stop, Stopped, type Task, waiting } from './batch-task.ts';
import { type Config, hostsMissing } from './config.ts';

/** So many in a row that come to nothing, and it is not the row. */
export const TROUBLES = 3;
/** A question that could not be answered is asked again so often, so soon. */
export const TRIES = 3;
export const AGAIN_MS = 1_000;
/** The window of a sign-in is open: looked at again so soon. */
const SIGNING_IN_MS = 5_000;

export interface AskDeps {
  auth: Pick<Auth, 'accessToken' | 'subject'>;
  portOf(connection: Connection): CxonePort;
  /** Resolves when no poll of the connection runs. */
  afterPoll(id: ConnectionId): Promise<void>;
  /** The connection as it is now; null: gone. */
  configOf(id: ConnectionId): Promise<Config | null>;
}

/** `readBack`: of rows whose own tries are counted. */
type Kind = keyof Task['troubles'] | 'readBack';
type Missed = Pick<Failure, 'outcome' | 'status' | 'detail' | 'notBeforeMs'>;

type Question<T> = (accessToken: string) => Promise<Answer<T>>;

export interface Ask {
  port: CxonePort;
  /**
   * Throws unless the connection may be used for this batch, and the person signed in is the one it was planned by.
   * @param writes whether anything is to be written
   */
  begin(writes: boolean): Promise<void>;
  /** A token to use now. @param rejected the tenant said 401 to this one */
  access(rejected?: Access): Promise<Access>;
  /** A question that changes nothing: 401 is worth one renewal. What it answers concerns this question alone. */
  read<T>(question: Question<T>, kind?: Kind): Promise<Answer<T>>;
  /** The same, three times before it is given up. */
  readPatiently<T>(question: Question<T>): Promise<Answer<T>>;
  /** What follows for all rows: "not so fast", the scope is missing, or the third trouble in a row; null: it is about this one alone. */
  weigh(failure: Missed, kind: Kind): Promise<Stop | null>;
  /** The tenant does what it is asked. */
  wentWell(kind: keyof Task['troubles']): void;
}

export function createAsk({ auth, portOf, afterPoll, configOf }: AskDeps, task: Task): Ask {
  const { connection } = task.config;
  const { id } = connection;
  const port = portOf(connection);
  /** Of several lanes with a new token one asks who it is. */
  let vetting: Promise<Access> | null = null;

  async function begin(writes: boolean): Promise<void> {
    const config = await configOf(id);
    const { target, counts } = task.batch;
    if (!config?.active) throw new Stopped(paused('otherConnection'));
    const { apiBaseUrl, issuer, profile, capabilities } = config.connection;
    if (counts.checked === 0 && target.apiBaseUrl === '') target.apiBaseUrl = apiBaseUrl;
    if (target.profile !== profile || target.issuer !== issuer || target.apiBaseUrl !== apiBaseUrl)
      throw new Stopped(paused('otherTenant'));
    if (!capabilities.includes('skills')) throw new Stopped(paused('capabilityOff'));
    if (writes && !config.writes.enabled) throw new Stopped(paused('writesDisabled'));
    if (counts.total > config.writes.maxRows) throw new Stopped(paused('tooMany'));
    // Of the public API the address is found with the first token.
    if (apiBaseUrl === '') throw new Stopped(waiting('offline', later()));
    if ((await hostsMissing(connection)).length > 0) throw new Stopped(paused('hostAccess'));
    task.vettedToken = '';
    await access();
  }

  async function access(rejected?: Access): Promise<Access> {
    await afterPoll(id);
    const { notBeforeMs } = await skewOf(id);
    // "Not so fast" was said to all of us. A mark further ahead than it can have been set comes from a clock that was put back.
    if (Date.now() < notBeforeMs && notBeforeMs <= Date.now() + MAX_RETRY_AFTER_MS)
      throw new Stopped(waiting('rateLimited', notBeforeMs));
    const token = await auth.accessToken(connection, rejected);
    if (!token.ok) throw await withoutToken(token, rejected !== undefined);
    if (token.access.token === task.vettedToken) return token.access;
    vetting ??= vet(token.access).finally(() => {
      vetting = null;
    });
    return vetting;
  }

  /** Whoever the token is of must be whom the batch is for. */
  async function vet(first: Access): Promise<Access> {
    let mine = first;
    let me = await port.me(mine.token);
    if (me.outcome === 'unauthorized') {
      const renewed = await auth.accessToken(connection, mine);
      if (!renewed.ok) throw await withoutToken(renewed, true);
      mine = renewed.access;
      me = await port.me(mine.token);
      if (me.outcome === 'unauthorized') throw new Stopped(paused('tokenRejected', me.detail));
    }
    await weighMe(me);
    const told = me.outcome === 'ok' ? me.me.organisationId : '';
    const organisationId = told || (await authStatusItem(id).get()).organisationId;
    const actor = await auth.subject(connection);
    const { target, counts } = task.batch;
    // At planning nobody had been asked yet.
    if (counts.checked === 0) task.batch.target = { ...target, organisationId, actor: target.actor || actor };
    if (task.batch.target.actor !== actor) throw new Stopped(paused('otherUser'));
    if (task.batch.target.organisationId !== organisationId) throw new Stopped(paused('otherTenant'));
    task.vettedToken = mine.token;
    return mine;
  }

  /** Without an answer to this one nothing is begun; a person who may not ask it may still be known by the token. */
  async function weighMe(me: Answer<{ me: Me }>): Promise<void> {
    if (me.outcome === 'ok') return;
    const { detail, notBeforeMs } = me;
    const trouble = troubleOf(me);
    if (trouble) throw new Stopped(waiting(trouble, Math.max(notBeforeMs, later()), detail));
    await heed(me, 'read');
  }

  async function withoutToken(token: TokenResult & { ok: false }, rejected: boolean): Promise<Stopped> {
    if (token.transient) {
      const notBeforeMs = token.failure === null ? Date.now() + SIGNING_IN_MS : Math.max(token.notBeforeMs ?? 0, later());
      return new Stopped(waiting(token.failure === 'providerError' ? 'serverError' : 'offline', notBeforeMs));
    }
    const { phase } = await authStatusItem(id).get();
    if (phase === 'scopeLost') return new Stopped(paused('scopeMissing'));
    return new Stopped(paused(rejected && phase !== 'signedOut' ? 'tokenRejected' : 'signedOut'));
  }

  async function read<T>(question: Question<T>, kind: Kind = 'read'): Promise<Answer<T>> {
    const first = await access();
    let answer = await question(first.token);
    if (answer.outcome === 'unauthorized') {
      answer = await question((await access(first)).token);
      if (answer.outcome === 'unauthorized') throw new Stopped(paused('tokenRejected', answer.detail));
    }
    if (answer.outcome === 'ok') wentWell('read');
    else await heed(answer, kind);
    return answer;
  }

  async function readPatiently<T>(question: Question<T>): Promise<Answer<T>> {
    for (let tries = 1; ; tries++) {
      const answer = await read(question);
      if (tries === TRIES || answer.outcome === 'ok' || troubleOf(answer) === null || task.stop) return answer;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS * tries));
    }
  }

  async function heed(failure: Missed, kind: Kind): Promise<void> {
    const stop = await weigh(failure, kind);
    if (stop) throw new Stopped(stop);
  }

  async function weigh(failure: Missed, kind: Kind): Promise<Stop | null> {
    const { outcome, detail, notBeforeMs, status } = failure;
    if (outcome === 'rateLimited') {
      const untilMs = Math.max(notBeforeMs, later());
      // Behind a poll under way, which would write its own mark over it; nobody here waits for that.
      void navigator.locks
        .request(`poll:${id}`, () => holdBack(id, untilMs))
        .catch(() => log('batch-failed', { connection: id, outcome }));
      return waiting('rateLimited', untilMs, detail);
    }
    if (outcome === 'forbidden') {
      const { effectiveScopes } = await authStatusItem(id).get();
      return lacksScope(connection, effectiveScopes, detail) ? paused('scopeMissing', detail) : null;
    }
    const trouble = troubleOf(failure);
    if (!trouble) return null;
    const counted = kind === 'readBack' ? 'read' : kind;
    // One user whose rows are looked for cannot be read: that alone is no reason to stop.
    if (kind !== 'readBack' || trouble === 'offline') task.troubles[counted]++;
    await log('batch', { connection: id, outcome: trouble, status });
    // A server that says when it will be back is waited for.
    const serious = notBeforeMs > Date.now() || task.troubles[counted] >= TROUBLES;
    return serious ? waiting(trouble, Math.max(notBeforeMs, later()), detail) : null;
  }

  function wentWell(kind: keyof Task['troubles']): void {
    task.troubles[kind] = 0;
    if (task.troubles.write === 0) task.waits = 0;
  }

  const later = () => Date.now() + rateLimitBackoffMs(task.waits + 1, Math.random());

  return { port, begin, access, read, readPatiently, weigh, wentWell };
}

/** Null: it is about what was asked. */
export function troubleOf({ outcome, status }: Missed): 'offline' | 'serverError' | null {
  if (outcome === 'offline' || outcome === 'portal') return 'offline';
  if (outcome === 'malformed') return 'serverError';
  return outcome === 'serverError' && (status === 0 || status >= 500) ? 'serverError' : null;
}

/** A 403 is about the scope where the token is known to lack it, or the server says so; else about the person's rights. */
function lacksScope(connection: Connection, effective: readonly string[], detail: string): boolean {
  if (connection.profile === 'public') return false;
  return lacking(scopesOf(connection, 'skills'), effective).length > 0 || /(\b|_)scopes?\b/i.test(detail);
}
