/** What a network exchange is, for the rooms that ask (auth, cxone) without knowing who fetches. */

export interface HttpAnswer {
  status: number;
  contentType: string;
  /** The whole body, decoded as UTF-8. */
  text: string;
  headers: Headers;
}

export const HTTP_FAILURES = ['network', 'timeout', 'tooLarge', 'redirect', 'hostRefused', 'cut'] as const;
export type HttpFailure = (typeof HTTP_FAILURES)[number];

/** Thrown instead of an answer. The message is the code alone: it may end in a log, so neither URL nor body stands in it. */
export class HttpError extends Error {
  readonly code: HttpFailure;
  constructor(code: HttpFailure) {
    super(code);
    this.name = 'HttpError';
    this.code = code;
  }
}

/** Resolves with any complete HTTP answer, whatever its status; throws HttpError else. */
export type Exchange = (url: string, init?: RequestInit, capBytes?: number) => Promise<HttpAnswer>;
