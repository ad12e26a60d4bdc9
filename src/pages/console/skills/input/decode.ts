/** Bytes of a file as text. */

/**
 * By its byte order mark; without one it is UTF-8, and where it cannot be that, what Excel writes on Windows: "CSV" there is the computer's
 * old code page, and "Unicode text" UTF-16.
 */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
