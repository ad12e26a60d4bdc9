/** Faults of the way an API answer travels: error answers, captive portals, bodies that end early, slow or absent answers. */
import { Buffer } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { planted } from './canaries.ts';
import { type FaultKind, type Faults, numberOf, textOf } from './faults.ts';
import { send, sendError, sleep } from './http.ts';
import { page, portalPage } from './pages.ts';

/** Error names for the statuses people ask for. */
const ERRORS: Record<number, [string, string]> = {
  400: ['invalid_request', 'The request is not valid.'],
  401: ['invalid_token', 'The access token is expired, revoked or malformed.'],
  403: ['forbidden', 'Security permissions prevent access to data.'],
  404: ['not_found', 'No resource was found for this path.'],
  429: ['too_many_requests', 'Rate limit exceeded.'],
  500: ['server_error', 'An unexpected error occurred.'],
  502: ['bad_gateway', 'The upstream service did not answer.'],
  503: ['service_unavailable', 'The service is not available at the moment.'],
};

const HTML = 'text/html; charset=utf-8';

/** Acts in the API's place, if a fault says so; true: the request is done with. */
export async function transportFault(
  faults: Faults,
  req: IncomingMessage,
  res: ServerResponse,
  path: string,
  note: (fault: string) => void,
): Promise<boolean> {
  const take = (kind: FaultKind) => {
    const fault = faults.take(kind, path);
    if (fault) note(kind);
    return fault;
  };
  const slow = take('slow');
  if (slow) await sleep(numberOf(slow, 'ms', 2000));
  if (take('reset')) {
    req.socket.destroy();
    return true;
  }
  const redirect = take('redirect');
  if (redirect) {
    res.writeHead(302, {
      location: textOf(redirect, 'location') ?? `http://localhost:${req.socket.localPort}/elsewhere`,
      'content-length': 0,
    });
    res.end();
    return true;
  }
  if (take('html200')) {
    send(res, 200, HTML, portalPage());
    return true;
  }
  const status = take('status');
  if (status) {
    const code = numberOf(status, 'status', 500);
    const [error, text] = ERRORS[code] ?? ['error', `Status ${code}.`];
    if (status.spec.retryAfter !== undefined) res.setHeader('Retry-After', String(status.spec.retryAfter));
    if (code === 401) res.setHeader('WWW-Authenticate', 'Bearer error="invalid_token"');
    if (status.spec.html === true) send(res, code, HTML, page(String(code), `<p>${text}</p>`));
    else sendError(res, code, error, planted(faults, path, textOf(status, 'text') ?? text));
    return true;
  }
  if (take('noContent')) {
    res.writeHead(204);
    res.end();
    return true;
  }
  if (take('empty')) {
    send(res, 200, 'application/json', '[]');
    return true;
  }
  const huge = take('huge');
  if (huge) {
    await sendHuge(res, numberOf(huge, 'megabytes', 30));
    return true;
  }
  return false;
}

/** Sends a good answer the way the armed faults want it sent. */
export async function sendThroughFaults(
  faults: Faults,
  req: IncomingMessage,
  res: ServerResponse,
  path: string,
  text: string,
  note: (fault: string) => void,
): Promise<void> {
  const body = Buffer.from(text);
  const other = faults.take('wrongContentType', path);
  if (other) note('wrongContentType');
  const type = other ? (textOf(other, 'type') ?? 'text/plain') : 'application/json';
  const cut = faults.take('cut', path);
  if (cut) {
    note('cut');
    const part = body.subarray(0, numberOf(cut, 'bytes', 100));
    if (cut.spec.clean === true) {
      send(res, 200, type, part);
    } else {
      res.writeHead(200, { 'content-type': type, 'content-length': body.length });
      // Only once the part has left, or the client would see no answer at all.
      res.write(part, () => req.socket.destroy());
    }
    return;
  }
  const drip = faults.take('drip', path);
  if (!drip) {
    send(res, 200, type, body);
    return;
  }
  note('drip');
  const size = Math.max(1, numberOf(drip, 'bytes', 64));
  res.writeHead(200, { 'content-type': type, 'content-length': body.length });
  for (let at = 0; at < body.length && !res.destroyed; at += size) {
    res.write(body.subarray(at, at + size));
    await sleep(numberOf(drip, 'ms', 50));
  }
  res.end();
}

async function sendHuge(res: ServerResponse, megabytes: number): Promise<void> {
  const row = `{"agentId":"00000000-0000-4000-8000-000000000000","state":"READY","stateName":"${'x'.repeat(1000)}","loggedIn":true,"skillStates":[]}`;
  const chunk = Array.from({ length: 1000 }, () => row).join(',');
  res.writeHead(200, { 'content-type': 'application/json' });
  res.write('[');
  for (let sent = 0; sent < megabytes * 1024 * 1024 && !res.destroyed; sent += chunk.length + 1) {
    const more = res.write(`${sent === 0 ? '' : ','}${chunk}`);
    if (!more)
      await Promise.race([new Promise((done) => res.once('drain', done)), new Promise((done) => res.once('close', done))]);
  }
  res.end(']');
}
