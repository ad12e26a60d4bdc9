/** What must never be typed, kept or shown: recognised by its look. */

/** True for a token: a JWT (whole or within a text), a bearer header, a token parameter. */
export function looksToken(value: string): boolean {
  if (/eyJ[\w-]{8,}\.[\w-]{8,}/.test(value)) return true;
  return /\bbearer\s+\S/i.test(value) || /\b(access_token|refresh_token|id_token)["']?\s*[=:]\s*\S/i.test(value);
}

/**
 * True for what people paste by mistake when they hear "token" or "secret": a token, a secret parameter, a private key, or a long text of
 * random characters. Nothing like it is accepted, shown again or kept.
 */
export function looksSecret(value: string): boolean {
  if (looksToken(value) || /\b(client_secret|password|code_verifier)["']?\s*[=:]\s*\S/i.test(value)) return true;
  if (/-----BEGIN [A-Z ]*PRIVATE KEY/.test(value)) return true;
  const text = value.trim();
  return /^[\w+/~.-]{40,}={0,2}$/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text);
}
