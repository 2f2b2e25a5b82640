import { pino } from 'pino';
import { openSeal } from './app/sealing.ts';
import { openDatabase } from './store/database.ts';
import { version } from './version.ts';
import { buildHttpServer } from './http/server.ts';

/** Prints the OpenAPI document. Builds the routes and asks nobody anything: no database, no vCenter. */
const database = openDatabase({ url: 'postgresql://nowhere.invalid/none', onError: () => undefined });
const nobody = (): Promise<never> => Promise.reject(new Error('this server only describes itself'));
const app = await buildHttpServer({
  db: database.db,
  seal: openSeal(Buffer.alloc(32)),
  gate: { certificate: nobody, identify: nobody, preview: nobody },
  wakeSync: nobody,
  wakeOperations: nobody,
  servers: {
    privileges: () => [],
    planServers: nobody,
    createServers: nobody,
    planDeletion: nobody,
    deleteServer: nobody,
    planAttachment: nobody,
    attachNic: nobody,
    planDetachment: nobody,
    detachNic: nobody,
    planNicChange: nobody,
    changeNic: nobody,
  },
  simulatedVcenter: { look: nobody, instanceUuid: nobody, start: nobody },
  allocator: { allocate: nobody, claimByKey: nobody },
  signInEngine: {
    cookieName: 'wirebook_session',
    cookieOf: () => null,
    checkPassword: nobody,
    setPassword: nobody,
    openSession: nobody,
    readSession: nobody,
    closeSession: nobody,
    endSessions: nobody,
  },
  publicUrl: null,
  trustedProxies: [],
  health: { startedAt: new Date(0), workersReady: () => false, stopping: () => false },
  logger: pino({ level: 'silent' }),
  version,
  pageFolder: '/nowhere',
  openMetrics: false,
});
await app.ready();
process.stdout.write(`${JSON.stringify(app.swagger(), null, 2)}\n`);
await app.close();
await database.close();
