import { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import type { Trust } from './client-types.ts';
import { VsphereError } from './errors.ts';
import { normalizeFingerprint } from './fingerprint.ts';

/** SHA-256 of the certificate that the other side showed, or null. */
function peerFingerprint(socket: unknown): string | null {
  if (!(socket instanceof TLSSocket)) {
    return null;
  }
  const { raw } = socket.getPeerCertificate();
  return raw === undefined ? null : normalizeFingerprint(new X509Certificate(raw).fingerprint256);
}

/**
 * Opens TLS connections for a client. A pinned certificate is compared when the handshake is done and before the
 * connection is given to anybody who would write to it. Sessions are not resumed, so that each handshake shows the
 * certificate; HTTP/2 is left out, as nothing here needs it.
 */
export function createConnector(trust: Trust, connectMs: number): buildConnector.connector {
  const connector = buildConnector({
    allowH2: false,
    maxCachedSessions: 0,
    timeout: connectMs,
    rejectUnauthorized: trust.kind === 'ca',
    ...(trust.kind === 'ca' && trust.pem !== undefined ? { ca: trust.pem } : {}),
  });
  if (trust.kind !== 'fingerprint') {
    return connector;
  }
  const expected = normalizeFingerprint(trust.sha256);
  return (options, callback) => {
    connector(options, (...[error, socket]) => {
      if (error !== null) {
        callback(error, null);
        return;
      }
      const actual = peerFingerprint(socket);
      if (actual !== expected) {
        socket.destroy();
        callback(new VsphereError({ kind: 'certificate', expected, actual, caProblem: null }), null);
        return;
      }
      callback(null, socket);
    });
  };
}
