/**
 * Tokens for a user's access key: the way in without a registered application (facts/cxone-api.md section 4). Not OAuth: JSON both ways,
 * and what a refusal looks like is not documented.
 */
import type { TokenEndpointResponse } from 'oauth4webapi';
import type { Connection } from '../domain/connection.ts';
import type { Exchange, HttpAnswer } from '../domain/http.ts';
import { jwtClaims } from '../domain/token-facts.ts';
import { AuthError } from './errors.ts';
import {
  bodyOf,
  CAP_BYTES,
  checked,
  providerError,
  type Refusal,
  type TokenAnswer,
  tokenText,
  unanswered,
} from './token-answer.ts';
import type { Secret } from './vault.ts';

const PATH = '/authentication/v1/token/access-key';

/**
 * One request to the issuer's host. The answer's ID token is nobody's session in this browser: it is read, and not kept.
 * @throws AuthError `keyRefused`; `discoveryFailed` where there is no such address; else as for any token
 */
export async function askByAccessKey(exchange: Exchange, connection: Connection, { id, secret }: Secret): Promise<TokenAnswer> {
  if (connection.issuer === '') throw new AuthError('discoveryFailed');
  let answer: HttpAnswer;
  try {
    answer = await exchange(
      connection.issuer.replace(/\/$/, '') + PATH,
      {
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        body: JSON.stringify({ accessKeyId: id ?? '', accessKeySecret: secret }),
      },
      CAP_BYTES,
    );
  } catch (error) {
    throw unanswered(error);
  }
  const { id_token, ...raw } = bodyOf(answer, refusal);
  const taken = await checked(raw, async (response) => {
    const body = (await response.json()) as TokenEndpointResponse;
    return { ...body, token_type: body.token_type.toLowerCase() as TokenEndpointResponse['token_type'] };
  });
  const said = tokenText(id_token);
  return { ...taken, claims: { ...taken.claims, ...(said === null ? {} : jwtClaims(said)) } };
}

const refusal: Refusal = (answer, status, body) => {
  const detail = String(answer.status);
  if (status === 404) return new AuthError('discoveryFailed', { detail });
  // Words that are no JSON are those of a portal or gateway and decide nothing.
  const told = body !== null || answer.text.trim() === '';
  if (told && (status === 400 || status === 401 || status === 403)) return new AuthError('keyRefused', { detail });
  return providerError(answer, detail);
};
