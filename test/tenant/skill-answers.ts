/** How the faults of writing are answered, for both profiles. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type HttpError, sendError, sleep } from './http.ts';
import { NoAnswer, StatusFault } from './skill-faults.ts';

/** Answers in the way such a fault wants it, if it is one; true: the request is done with. */
export async function sendSkillFault(req: IncomingMessage, res: ServerResponse, error: HttpError): Promise<boolean> {
  if (error instanceof NoAnswer) {
    if (error.afterMs > 0) await sleep(error.afterMs);
    if (!error.begun) {
      req.socket.destroy();
      return true;
    }
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
    // Only once these have left, or the client would see no answer at all.
    res.write('{', () => req.socket.destroy());
    return true;
  }
  if (!(error instanceof StatusFault)) return false;
  if (error.retryAfter !== null) res.setHeader('Retry-After', error.retryAfter);
  if (error.status === 401) res.setHeader('WWW-Authenticate', 'Bearer error="invalid_token"');
  sendError(res, error.status, error.code, error.message);
  return true;
}
