/** A SHA-256 fingerprint as 64 lower-case hex digits; colons and blanks are taken out. */
export function normalizeFingerprint(fingerprint: string): string {
  return fingerprint.replaceAll(/[:\s]/g, '').toLowerCase();
}
