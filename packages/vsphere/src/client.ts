import type { ClientOptions, VsphereClient } from './client-types.ts';
import { VsphereError } from './errors.ts';
import { defaultLimits, defaultTimeouts } from './limits.ts';
import { readObjects, readRefs } from './property-collector.ts';
import { parseServerUrl } from './server-url.ts';
import { Session } from './session.ts';
import { createTransport } from './transport.ts';
import { WordTable } from './words.ts';

/** How long `close` waits for the server to end the session, in milliseconds. */
const logOutMs = 3000;

/** Makes a client; no connection is made before `connect`. Throws `invalid-url`. */
export function createVsphereClient(options: ClientOptions): VsphereClient {
  const url = parseServerUrl(options.url);
  const transport = createTransport({
    url,
    trust: options.trust,
    limits: { ...defaultLimits, ...options.limits },
    timeouts: { ...defaultTimeouts, ...options.timeouts },
    words: new WordTable(),
  });
  const session = new Session(transport, {
    path: url.path,
    username: options.username,
    password: options.password,
    userAgent: options.userAgent ?? 'Wirebook',
  });
  return {
    async connect({ signal } = {}) {
      await session.open(signal);
      return session.content.about;
    },
    get about() {
      return session.content.about;
    },
    get serviceContent() {
      return session.content;
    },
    readObjects: (read) => readObjects(session, read),
    readRefs: (read) => readRefs(session, read),
    call: (method, target, args, { signal } = {}) => session.call(method, target, args, signal),
    async queryNetworkHints(networkSystem, { devices, signal } = {}) {
      const device = devices ?? [];
      const { returnval } = await session.call('QueryNetworkHint', networkSystem, { device }, signal);
      return returnval;
    },
    logOut: ({ signal } = {}) => session.logOut(signal),
    async close() {
      try {
        await session.logOut(AbortSignal.timeout(logOutMs));
      } catch (error) {
        if (!(error instanceof VsphereError)) {
          throw error;
        }
      }
      await transport.close();
    },
  };
}
