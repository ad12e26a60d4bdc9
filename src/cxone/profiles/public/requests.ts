/** One request of the public API with what it alone needs: no data said in several ways, the version that is there, a clock where the answer has none. */

import type { Connection } from '../../../domain/connection.ts';
import type { Exchange } from '../../../domain/http.ts';
import { type Asked, ask } from '../../ask.ts';
import type { Order } from '../../reply.ts';
import { type Told, tell } from '../../tell.ts';
import { malformed } from '../../values.ts';
import { isRecord, timeMs } from './values.ts';
import { isAboutAgent, otherVersions, PUBLIC_API_PREFIX } from './versions.ts';

const SAID_CHARACTERS = 2000;

export interface Reply {
  asked: Asked;
  /** The body of a 400 or 404, for what the outcome does not tell; '' else. Never shown or kept. */
  said: string;
}

export interface Requests {
  /** Path before `/agents/states`, with the version in use. */
  prefix(): string;
  /** @param path below the prefix, with the query */
  get(path: string, accessToken: string): Promise<Reply>;
  /** The same in the version in use, whether it is there or not. */
  getHere(path: string, accessToken: string): Promise<Reply>;
  /**
   * A write, in the version in use: what is to be written was read there a moment ago.
   * @param path below the prefix
   */
  tell(path: string, accessToken: string, order: Order): Promise<Told>;
  /** @param url a whole address; the caller has seen to it that it is on the API's origin */
  getUrl(url: string, accessToken: string): Promise<Reply>;
  /** The server's own clock: `atMs`. */
  serverTime(accessToken: string): Promise<Asked>;
}

export function createRequests(
  { apiBaseUrl, apiPrefix }: Pick<Connection, 'apiBaseUrl' | 'apiPrefix'>,
  exchange: Exchange,
  onVersion: (prefix: string) => void,
): Requests {
  let prefix = apiPrefix || PUBLIC_API_PREFIX;
  /** The one search for an older version; null: not needed so far. */
  let search: Promise<Reply | null> | null = null;
  /** Server's clock minus ours, ms; null: not needed so far. */
  let skew: Promise<number> | null = null;

  async function once(url: string, accessToken: string): Promise<Reply & { dated: boolean }> {
    let said = '';
    let dated = true;
    const noting: Exchange = async (...request) => {
      const answer = await exchange(...request);
      const { status, contentType, text, headers } = answer;
      if (status === 400 || status === 404)
        said = `${headers.get('icStatusDescription') ?? ''} ${text}`.slice(0, SAID_CHARACTERS);
      dated = !Number.isNaN(Date.parse(headers.get('date') ?? ''));
      // "Treat 204/304/empty as no data" (facts section 5); 304 says nothing about a question that named no moment.
      const empty = status === 200 && !contentType.includes('html') && /^\s*$/.test(text);
      const none = empty || (status === 304 && /[?&]updatedSince=/.test(url));
      return none ? { ...answer, status: 204, text: '' } : answer;
    };
    return { asked: await ask(noting, url, accessToken), said, dated };
  }

  async function getUrl(url: string, accessToken: string): Promise<Reply> {
    const { asked, said, dated } = await once(url, accessToken);
    if (dated || (asked.outcome !== 'ok' && asked.outcome !== 'noContent')) return { asked, said };
    const receivedMs = Date.now();
    skew ??= measureSkew(accessToken);
    return { asked: { ...asked, atMs: receivedMs + (await skew) }, said };
  }

  async function measureSkew(accessToken: string): Promise<number> {
    const time = await serverTime(accessToken);
    return time.outcome === 'ok' ? time.atMs - Date.now() : 0;
  }

  async function serverTime(accessToken: string): Promise<Asked> {
    const { asked } = await once(`${apiBaseUrl}${prefix}/server-time`, accessToken);
    if (asked.outcome !== 'ok') return asked;
    const json = isRecord(asked.json) && isRecord(asked.json.resultSet) ? asked.json.resultSet : asked.json;
    const atMs = isRecord(json) ? timeMs(json.ServerTime ?? json.serverTime) : Number.NaN;
    if (atMs > 0) return { ...asked, atMs };
    const { requestId } = asked;
    return malformed(apiBaseUrl, 'ServerTime', requestId);
  }

  /** Asks the same of the other versions, and stays with the first that has it. */
  async function findVersion(path: string, accessToken: string): Promise<Reply | null> {
    for (const other of otherVersions(prefix)) {
      const reply = await getUrl(apiBaseUrl + other + path, accessToken);
      if (isNotThere(reply)) continue;
      const { outcome } = reply.asked;
      // 403 says that the path is there. Of 401, 429, a portal or a dead network nothing can be concluded.
      if (outcome === 'ok' || outcome === 'noContent' || outcome === 'unchanged' || outcome === 'forbidden') {
        prefix = other;
        onVersion(other);
      }
      return reply;
    }
    return null;
  }

  return {
    prefix: () => prefix,
    async get(path, accessToken) {
      const used = prefix;
      const reply = await getUrl(apiBaseUrl + used + path, accessToken);
      if (!isNotThere(reply)) return reply;
      if (search === null) {
        search = findVersion(path, accessToken);
        return (await search) ?? reply;
      }
      // Somebody else's search, over or under way: its find serves this question too.
      await search;
      return prefix === used ? reply : getUrl(apiBaseUrl + prefix + path, accessToken);
    },
    getHere: (path, accessToken) => getUrl(apiBaseUrl + prefix + path, accessToken),
    tell: (path, accessToken, order) => tell(exchange, apiBaseUrl + prefix + path, accessToken, order),
    getUrl,
    serverTime,
  };
}

function isNotThere({ asked, said }: Reply): boolean {
  return 'status' in asked && asked.status === 404 && !isAboutAgent(said);
}
