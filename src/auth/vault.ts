/**
 * The one place with tokens. The refresh token, the ID token and the secret are in a sealed store (encrypted on disk, or memory only by policy),
 * the access token in `storage.session`. Nothing of this ever crosses a message, a log, a URL or an export (DESIGN section 5).
 */
import browser from 'webextension-polyfill';
import type { ConnectionId } from '../domain/connection.ts';

/** What a sign-in left us with. */
export interface Grant {
  /** Null when the provider gave none: then only a silent sign-in renews. */
  refreshToken: string | null;
  idToken: string | null;
  grantedScopes: string[];
  /** Grows with every renewal, never goes back. */
  epoch: number;
  /** Renewals since the sign-in. */
  renewals: number;
  /** Set before a renewal is sent and cleared by its answer: found at a start, the answer was lost with the worker. */
  pending: { epoch: number; atMs: number } | null;
  /** The provider refused this refresh token: never send it again. */
  refused: boolean;
  /** Whose it is (`AuthDeps.owner`). Absent in what version 0.1.0 stored. */
  owner?: string | undefined;
}

/** What a connection without a sign-in page asks with: the client's secret (RFC 6749 2.3.1), or an access key. */
export interface Secret {
  /** Of the access key; a client is known by the connection's client id. */
  id?: string | undefined;
  secret: string;
  /** As of a grant. */
  owner?: string | undefined;
}

export interface Access {
  token: string;
  receivedMs: number;
  expiresMs: number;
  /** From then on it is renewed before use: early enough that a slow renewal does not leave a hole. */
  renewMs: number;
  generation: string;
  /** It came in answer to a 401: if it is rejected as well, another one at once would fare no better. */
  forced: boolean;
  /** Whose it is (`AuthDeps.owner`): it is given out for that connection as it was, and never to another tenant under the same id. */
  owner: string;
}

/** A fenced record: see `storage/sealed.ts`, which is one. */
export interface SecretStore<T> {
  read(): Promise<{ value: T; generation: string } | 'absent' | 'unreadable'>;
  write(value: T, generation: string, expected: string | null): Promise<boolean>;
  erase(): Promise<void>;
}

/** The same contract in memory only: gone when the browser closes. */
export function sessionStore<T>(name: string): SecretStore<T> {
  const area = browser.storage.session;
  const read = async () => ((await area.get(name))[name] as { value: T; generation: string } | undefined) ?? 'absent';
  return {
    read,
    write: (value, generation, expected) =>
      navigator.locks.request(`secret:${name}`, async () => {
        const current = await read();
        if (expected !== null && (current === 'absent' || current.generation !== expected)) return false;
        await area.set({ [name]: { value, generation } });
        return true;
      }) as Promise<boolean>,
    erase: () => navigator.locks.request(`secret:${name}`, () => area.remove(name)) as Promise<void>,
  };
}

const accessKey = (id: ConnectionId) => `${id}/access`;

export async function readAccess(id: ConnectionId): Promise<Access | null> {
  return ((await browser.storage.session.get(accessKey(id)))[accessKey(id)] as Access | undefined) ?? null;
}

export async function writeAccess(id: ConnectionId, access: Access): Promise<void> {
  await browser.storage.session.set({ [accessKey(id)]: access });
}

const holdKey = (id: ConnectionId) => `${id}/tokenNotBefore`;

/** The access token, and what the provider said about renewing it. */
export async function eraseAccess(id: ConnectionId): Promise<void> {
  await browser.storage.session.remove([accessKey(id), holdKey(id)]);
}

/** Until when the provider wants no renewal, epoch ms; 0: it did not say. Memory only: no server holds us back for longer than a quarter of an hour. */
export async function readHold(id: ConnectionId): Promise<number> {
  return ((await browser.storage.session.get(holdKey(id)))[holdKey(id)] as number | undefined) ?? 0;
}

export async function writeHold(id: ConnectionId, notBeforeMs: number): Promise<void> {
  await browser.storage.session.set({ [holdKey(id)]: notBeforeMs });
}
