import { VsphereError } from './errors.ts';

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Codes of Node's TLS for a certificate that no authority vouches for, beside those of X.509 below. */
const certificateCodes: ReadonlySet<string> = new Set([
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_TLS_CERT_ALTNAME_FORMAT',
  // OpenSSL's verification results, as Node names them.
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * What the HTTP client, TLS, the system or the decompression threw, as a problem of the closed list. Nothing of the
 * original but its code is kept: it may hold requests.
 */
export function toVsphereError(
  error: unknown,
  at: { phase: 'headers' | 'body'; bytes: number },
): VsphereError {
  if (error instanceof VsphereError) {
    return error;
  }
  const code = codeOf(error);
  if (certificateCodes.has(code)) {
    return new VsphereError({ kind: 'certificate', expected: null, actual: null, caProblem: code });
  }
  switch (code) {
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return new VsphereError({ kind: 'timeout', phase: 'connect' });
    case 'UND_ERR_HEADERS_TIMEOUT':
      return new VsphereError({ kind: 'timeout', phase: 'headers' });
    case 'UND_ERR_BODY_TIMEOUT':
      return new VsphereError({ kind: 'timeout', phase: 'body' });
    case 'UND_ERR_ABORTED':
    case 'ABORT_ERR':
    case 'UND_ERR_DESTROYED':
    case 'UND_ERR_CLOSED':
      return new VsphereError({ kind: 'aborted' });
    case 'Z_DATA_ERROR':
      return new VsphereError({ kind: 'malformed', reason: 'broken gzip', path: '', excerpt: '' });
    case 'Z_BUF_ERROR':
      return new VsphereError({ kind: 'cut-off', bytes: at.bytes });
    default:
      break;
  }
  if (code.startsWith('HPE_') && at.phase === 'headers') {
    return new VsphereError({ kind: 'malformed', reason: 'not HTTP', path: '', excerpt: '' });
  }
  if (at.phase === 'body') {
    if (code === '') {
      throw error;
    }
    return new VsphereError({ kind: 'cut-off', bytes: at.bytes });
  }
  return new VsphereError({ kind: 'connection', code: code === '' ? 'unknown' : code });
}
