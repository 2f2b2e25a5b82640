import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { VsphereError } from './errors.ts';
import { normalizeFingerprint } from './fingerprint.ts';
import { defaultTimeouts } from './limits.ts';
import { parseServerUrl } from './server-url.ts';

/** What a server shows of itself before anybody trusts it. */
export interface CertificateInfo {
  /** SHA-256 of the certificate, 64 lower-case hex digits. */
  sha256: string;
  /** e.g. `C=US, CN=vc.example.org` */
  subject: string;
  issuer: string;
  /** ISO 8601, UTC. */
  validFrom: string;
  validTo: string;
  /** Whether an authority that this machine trusts vouches for it, under the name in the URL and today. */
  trustedByCa: boolean;
  /** Why none does: the code of the TLS library, e.g. `DEPTH_ZERO_SELF_SIGNED_CERT`. */
  caProblem: string | null;
}

function describe(socket: TLSSocket): CertificateInfo {
  const { raw } = socket.getPeerCertificate();
  const certificate = new X509Certificate(raw);
  const problem = socket.authorized ? null : socket.authorizationError;
  return {
    sha256: normalizeFingerprint(certificate.fingerprint256),
    subject: certificate.subject.replaceAll('\n', ', '),
    issuer: certificate.issuer.replaceAll('\n', ', '),
    validFrom: new Date(certificate.validFrom).toISOString(),
    validTo: new Date(certificate.validTo).toISOString(),
    trustedByCa: socket.authorized,
    caProblem: problem === null ? null : readableCode(problem),
  };
}

/** Node types `authorizationError` as an Error and gives a code. */
function readableCode(problem: Error | string): string {
  if (typeof problem === 'string') {
    return problem;
  }
  return 'code' in problem && typeof problem.code === 'string' ? problem.code : problem.message;
}

/**
 * Reads a server's certificate by a TLS handshake; nothing is sent over the connection.
 * Throws `invalid-url`, `connection`, `timeout`, `aborted`.
 */
export async function readCertificate(options: {
  url: string;
  signal?: AbortSignal;
  /** Milliseconds, for connection and handshake together. */
  timeoutMs?: number;
}): Promise<CertificateInfo> {
  const { host, port } = parseServerUrl(options.url);
  const { promise, resolve, reject } = Promise.withResolvers<CertificateInfo>();
  if (options.signal?.aborted === true) {
    throw new VsphereError({ kind: 'aborted' });
  }
  const socket = connect({
    host,
    port,
    rejectUnauthorized: false,
    ...(isIP(host) === 0 ? { servername: host } : {}),
  });
  const abort = (): void => reject(new VsphereError({ kind: 'aborted' }));
  const timer = setTimeout(
    () => reject(new VsphereError({ kind: 'timeout', phase: 'connect' })),
    options.timeoutMs ?? defaultTimeouts.connectMs,
  );
  options.signal?.addEventListener('abort', abort, { once: true });
  socket.once('secureConnect', () => {
    try {
      resolve(describe(socket));
    } catch {
      reject(new VsphereError({ kind: 'connection', code: 'ERR_CERTIFICATE_UNREADABLE' }));
    }
  });
  socket.once('error', (error: NodeJS.ErrnoException) => {
    reject(new VsphereError({ kind: 'connection', code: error.code ?? 'ERR_TLS' }));
  });
  socket.once('close', () => reject(new VsphereError({ kind: 'connection', code: 'ECONNRESET' })));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
    socket.on('error', () => undefined);
    socket.destroy();
  }
}
