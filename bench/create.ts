import { smallEstate, startSimulator } from '@wirebook/simulator';
import { awaitTask, createVsphereClient, type MoRef, readOne, type VsphereClient } from '@wirebook/vsphere';

/**
 * Servers made from a template, from the request until the last of them shows its address: 1, 10 and 100 at once. The simulated vCenter
 * takes its time for each task, as a real one does. Beside it the bare calls to vCenter for as many servers, side by side too: clone,
 * configure, customize, power on, look for the address; nothing is chosen, noted or checked there.
 */
process.env['WIREBOOK_OPERATIONS_PER_ACCOUNT'] = '100';

const { startBenchController } = await import('./support/controller.ts');
const { addBenchAccount, syncAndWait } = await import('./support/estate.ts');
const { timed } = await import('./support/figures.ts');

const SIZES = (process.env['WIREBOOK_BENCH_SIZES'] ?? '1,10,100').split(',').map(Number);
/** What tasks of the simulator take, in milliseconds. */
const DELAYS = { CloneVM_Task: 2000, ReconfigVM_Task: 200, CustomizeVM_Task: 100, PowerOnVM_Task: 500 };
const GUEST_MS = 2000;
/** One server's way through them: the hardware is configured once. */
const OWN_MS = Object.values(DELAYS).reduce((sum, ms) => sum + ms, GUEST_MS);

interface Started {
  id: string;
  state: string;
  error: { text: string } | null;
}

const estate = smallEstate();
// Room for all of them, and for as many bare ones.
for (const datacenter of estate.datacenters) {
  for (const datastore of datacenter.datastores) Object.assign(datastore, { capacity: 65_536, free: 65_536 });
  for (const { hosts } of datacenter.clusters)
    for (const host of hosts) Object.assign(host, { cpuCores: 512, memory: 4096 });
}
const simulator = await startSimulator({ estate });
for (const [method, ms] of Object.entries(DELAYS)) await simulator.setTaskDuration({ method, ms });
await simulator.setGuestBehaviour({ outcome: 'reports', delayMs: GUEST_MS });
const controller = await startBenchController();
const client = createVsphereClient({
  url: simulator.url,
  username: simulator.username,
  password: simulator.password,
  trust: { kind: 'fingerprint', sha256: simulator.certificate.sha256 },
});

try {
  await addBenchAccount(controller, simulator);
  await syncAndWait(controller);
  await controller.call('POST', '/api/v1/networks', {
    name: 'bench',
    wire: 'web',
    cidr: '10.10.20.0/23',
    gateway: '10.10.20.1',
    dns: ['10.10.20.53'],
    giving: 'all',
  });
  await client.connect();
  console.log(`of its own each server takes ${OWN_MS} ms in the simulator`);
  const beyond: number[] = [];
  for (const count of SIZES) {
    const ours = await timed(() => make(count));
    const bare = await timed(() =>
      Promise.all(
        Array.from({ length: count }, (_, index) => makeBare(client, `bare-${count}-${index}`, index)),
      ),
    );
    beyond.push((ours.ms - OWN_MS) / count);
    console.log(
      `${count} at once: ${ours.ms.toFixed(0)} ms, bare calls ${bare.ms.toFixed(0)} ms, ratio ${(ours.ms / bare.ms).toFixed(2)}; beyond the simulator's own ${((ours.ms - OWN_MS) / count).toFixed(0)} ms for each server, bare calls ${((bare.ms - OWN_MS) / count).toFixed(0)} ms`,
    );
  }
  console.log(
    `time beyond the simulator's own, for each server, from ${SIZES.join(' to ')}: ${beyond.map((ms) => ms.toFixed(0)).join(', ')} ms`,
  );
} finally {
  await client.close();
  await controller.stop();
  await simulator.stop();
}

/** Asks for servers and waits until the operation has ended. */
async function make(count: number): Promise<void> {
  const { id } = await controller.call<Started>('POST', '/api/v1/servers', {
    name: `made-${count}`,
    from: 'ubuntu-template',
    nics: [{ network: 'bench' }],
    memoryMib: 1024,
    ...(count > 1 && { count }),
  });
  for (;;) {
    const shown = await controller.call<Started>('GET', `/api/v1/operations/${id}`);
    if (shown.state === 'succeeded') return;
    if (shown.state !== 'running' && shown.state !== 'queued')
      throw new Error(`making ended ${shown.state}: ${shown.error?.text ?? ''}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function makeBare(vcenter: VsphereClient, name: string, index: number): Promise<void> {
  const { morefs } = simulator;
  const finish = async ({ returnval }: { returnval: MoRef }): Promise<MoRef | null> => {
    const answer = await awaitTask(vcenter, returnval);
    return answer.state === 'success' ? answer.result : null;
  };
  const vm = await finish(
    await vcenter.call('CloneVM_Task', morefs.vm('ubuntu-template'), {
      folder: morefs.folder('Web'),
      name,
      spec: {
        location: { host: morefs.host('esx-01.lab.example'), pool: morefs.resourcePool('Lab-Cluster') },
        template: false,
        powerOn: false,
      },
    }),
  );
  if (vm === null) throw new Error('a clone was lost');
  await finish(await vcenter.call('ReconfigVM_Task', vm, { spec: { memoryMB: 1024 } }));
  const ip = `10.10.9.${index + 1}`;
  await finish(
    await vcenter.call('CustomizeVM_Task', vm, {
      spec: {
        identity: {
          $type: 'CustomizationLinuxPrep',
          hostName: { $type: 'CustomizationFixedName', name: `bare-${index}` },
          domain: 'lab.example',
        },
        globalIPSettings: {},
        nicSettingMap: [
          { adapter: { ip: { $type: 'CustomizationFixedIp', ipAddress: ip }, subnetMask: '255.255.255.0' } },
        ],
      },
    }),
  );
  await finish(await vcenter.call('PowerOnVM_Task', vm, {}));
  for (;;) {
    const seen = await readOne(vcenter, { ref: vm, type: 'VirtualMachine', properties: ['guest.net'] });
    if (seen?.['guest.net']?.some((nic) => nic.ipAddress.includes(ip)) === true) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
