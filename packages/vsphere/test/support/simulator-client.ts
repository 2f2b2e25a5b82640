import type { Simulator } from '@wirebook/simulator';
import { createVsphereClient, type VsphereClient } from '../../src/index.ts';

/** A client of a simulator, or of a proxy before it, that trusts it by its fingerprint. */
export function clientOf(
  server: Pick<Simulator, 'username' | 'password' | 'certificate'>,
  url: string,
): VsphereClient {
  const { username, password, certificate } = server;
  return createVsphereClient({
    url,
    username,
    password,
    trust: { kind: 'fingerprint', sha256: certificate.sha256 },
  });
}
