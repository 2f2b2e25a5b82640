import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  buildSimulator,
  demoEstate,
  goToolchain,
  GoUnusable,
  isSimulatorBuilt,
  startSimulator,
} from '@wirebook/simulator';

/**
 * The demo's vCenter as a program of its own, for a controller that offers to try with it: product code doesn't know the simulator. It tells
 * what it does in lines of JSON, and ends when its standard input does, so that it never outlives who started it.
 *
 *   simulated-vcenter.ts --check                      whether it could be started: {"check": "built" | "buildable" | "no_go" | "old_go"}
 *   simulated-vcenter.ts --folder FOLDER [--port N]   {"phase": "building" | "starting"}, then {"ready": {...}}
 *
 * FOLDER keeps the certificate: it is the same every time.
 */
const { values } = parseArgs({
  options: { check: { type: 'boolean' }, folder: { type: 'string' }, port: { type: 'string' } },
});
const tell = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
// Who reads may have gone: then the end of our input says so as well.
process.stdout.on('error', () => undefined);

if (values.check === true) tell({ check: await check() });
else await serve(values.folder ?? '.', Number(values.port ?? 0));

async function check(): Promise<'built' | 'buildable' | 'no_go' | 'old_go'> {
  if (await isSimulatorBuilt()) return 'built';
  try {
    await goToolchain();
    return 'buildable';
  } catch (error) {
    if (!(error instanceof GoUnusable)) throw error;
    return error.tooOld ? 'old_go' : 'no_go';
  }
}

async function serve(folder: string, port: number): Promise<void> {
  // A terminal's Ctrl+C reaches us too; who started us ends us in its own time.
  process.on('SIGINT', () => undefined);
  const ending = new AbortController();
  process.once('SIGTERM', () => ending.abort());
  process.stdin.resume().once('close', () => ending.abort());
  try {
    if (!(await isSimulatorBuilt())) {
      tell({ phase: 'building' });
      await buildSimulator({ signal: ending.signal });
    }
    tell({ phase: 'starting' });
    const estate = demoEstate();
    await using simulator = await startSimulator({
      estate,
      port,
      identity: { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') },
      signal: ending.signal,
    });
    tell({
      ready: {
        url: simulator.url,
        username: simulator.username,
        password: simulator.password,
        sha256: simulator.certificate.sha256,
        instanceUuid: estate.instanceUuid,
      },
    });
    const told = new Promise<void>((resolve) => {
      if (ending.signal.aborted) resolve();
      ending.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([told, simulator.ended]);
  } catch (error) {
    if (!ending.signal.aborted) throw error;
  }
  // Standard input may still be open.
  process.stdin.destroy();
}
