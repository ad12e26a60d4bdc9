/** What was asked of the tenant, for tests to look at. Never a token, a code or a password: only whether one was there. */

/** One request. `at`: server time, ISO; `ms`: until the answer was sent or the connection died; `status` 0: it died. */
export interface LogEntry {
  seq: number;
  /** What the answer said in `X-Request-Id`: made of `seq`, so that the same run gives the same ids. */
  requestId: string;
  at: string;
  method: string;
  path: string;
  query: Record<string, string>;
  status: number;
  ms: number;
  /** The `Origin` header, if there was one. */
  origin: string | null;
  /** Whether an `Authorization` header was there. */
  authorization: boolean;
  /** Token endpoint only. */
  grantType?: string;
  /** Token endpoint: the requested scope; null when none was sent. */
  scope?: string | null;
  /** Which host was asked, where the tenant has several. */
  host?: 'issuer' | 'api' | 'ui';
  /** Names of the faults that changed the answer. */
  faults?: string[];
}

/** Counters since the start. */
export interface Counts {
  /** Requests to the token endpoint with a refresh token. */
  refreshes: number;
  /** Those the provider granted, whether or not the answer arrived. */
  refreshesOk: number;
  /** Used refresh tokens presented again: the family was revoked. */
  reuseDetected: number;
  /** Submissions of the login form. */
  interactiveLogins: number;
  /** Codes given for `prompt=none`. */
  silentLogins: number;
  /** Codes redeemed. */
  codeExchanges: number;
  /** Requests for agent states, whatever the answer. */
  statesRequests: number;
  /** Sign-outs at the provider that ended a session. */
  signOuts: number;
  /** Tokens given to the service account. */
  clientCredentials: number;
  /** Access keys presented, whatever the answer. */
  accessKeyGrants: number;
}

/** Query members whose values are secrets or personal. */
const SECRET_QUERY = new Set([
  'code',
  'code_challenge',
  'id_token_hint',
  'access_token',
  'refresh_token',
  'token',
  'state',
  'nonce',
]);
const LIMIT = 10_000;

export class RequestLog {
  readonly counts: Counts = {
    refreshes: 0,
    refreshesOk: 0,
    reuseDetected: 0,
    interactiveLogins: 0,
    silentLogins: 0,
    codeExchanges: 0,
    statesRequests: 0,
    signOuts: 0,
    clientCredentials: 0,
    accessKeyGrants: 0,
  };
  #entries: LogEntry[] = [];
  #seq = 0;

  /** Notes a request; status and time are filled in when it ends. */
  begin(
    method: string,
    url: URL,
    at: number,
    headers: { origin?: string | undefined; authorization?: string | undefined },
  ): LogEntry {
    const query: Record<string, string> = {};
    for (const [name, value] of url.searchParams) query[name] = SECRET_QUERY.has(name) ? '(present)' : value;
    const seq = ++this.#seq;
    const entry: LogEntry = {
      seq,
      requestId: `req-${String(seq).padStart(6, '0')}`,
      at: new Date(at).toISOString(),
      method,
      path: url.pathname,
      query,
      status: 0,
      ms: 0,
      origin: headers.origin ?? null,
      authorization: headers.authorization !== undefined,
    };
    this.#entries.push(entry);
    if (this.#entries.length > LIMIT + 1000) this.#entries = this.#entries.slice(-LIMIT);
    return entry;
  }

  /** Entries after `seq`, oldest first; at most the last 10,000. */
  since(seq: number): LogEntry[] {
    return this.#entries.filter((entry) => entry.seq > seq).slice(-LIMIT);
  }

  /** Empties the log; counters and numbering go on. */
  clear(): void {
    this.#entries = [];
  }
}
