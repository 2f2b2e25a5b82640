import { generatedPortGroup } from '@wirebook/simulator';
import { startBenchController } from './support/controller.ts';
import { addBenchAccount, serversWanted, startBenchEstate, syncAndWait } from './support/estate.ts';
import { median, timed } from './support/figures.ts';

/**
 * A new network over all servers, whose range is used behind 51 port groups: from the request to its 50 additional wires found and its NIC
 * records committed. Beside it the same 50 wires declared at once on the network that is there, with all of them excluded before.
 */
const ROUNDS = Number(process.env['WIREBOOK_BENCH_ROUNDS'] ?? 3);
const SPREAD = 51;

interface Effect {
  settles: number;
  network: { additionalWires: { origin: string }[]; suggestedWires: unknown[] };
}

// Nine in ten of the port groups carry the one subnet; a port group has room for 253 NICs.
const simulator = await startBenchEstate({
  spread: SPREAD,
  portGroups: Math.max(60, Math.ceil(serversWanted() / 170)),
});
const controller = await startBenchController();
const network = { name: 'bench', wire: generatedPortGroup(0), cidr: '10.32.0.0/16', gateway: '10.32.0.1' };
const others = Array.from({ length: SPREAD - 1 }, (_, index) => generatedPortGroup(index + 1));

const make = (): Promise<Effect> => controller.call<Effect>('POST', '/api/v1/networks', network);
const forget = (): Promise<unknown> => controller.call('DELETE', '/api/v1/networks/bench');

try {
  await addBenchAccount(controller, simulator);
  const run = await syncAndWait(controller);
  console.log(`stored: ${JSON.stringify(run.counts)}`);
  const [detected, declared, previewed]: number[][] = [[], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    previewed?.push((await timed(() => controller.call('POST', '/api/v1/networks?dryRun=true', network))).ms);
    const found = await timed(make);
    detected?.push(found.ms);
    const wires = found.answer.network.additionalWires.filter((one) => one.origin === 'detected').length;
    if (wires !== SPREAD - 1) throw new Error(`${wires} wires were detected, not ${SPREAD - 1}`);
    if (round === 0) console.log(`${found.answer.settles} NICs settled on ${wires + 1} wires`);
    await forget();
    // The same by hand: nothing is left to be found once the wires are excluded, and then they are declared.
    await make();
    await controller.call('PUT', '/api/v1/networks/bench/excluded-wires', { wires: others });
    const named = await timed(() =>
      controller.call<Effect>('PUT', '/api/v1/networks/bench/additional-wires', { wires: others }),
    );
    declared?.push(named.ms);
    await forget();
  }
  const [found, named, preview] = [detected, declared, previewed].map((times) => median(times ?? []));
  console.log(
    `made and detected: ${found?.toFixed(0)} ms; preview: ${preview?.toFixed(0)} ms; the same wires declared on a network that is there: ${named?.toFixed(0)} ms; detected / declared ${((found ?? 0) / (named ?? 1)).toFixed(2)}`,
  );
} finally {
  await controller.stop();
  await simulator.stop();
}
