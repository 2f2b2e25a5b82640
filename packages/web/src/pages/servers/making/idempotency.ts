const BYTES = 16;

/** A key that nobody else makes. The browser's own uuids are there only where the page came by https or from this machine. */
export function makeKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(BYTES)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
