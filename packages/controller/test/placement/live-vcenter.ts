import {
  type CuttingProxy,
  type Estate,
  type Simulator,
  startCuttingProxy,
  startSimulator,
} from '@wirebook/simulator';
import { createVsphereClient, type VsphereClient } from '@wirebook/vsphere';

/** A simulated vCenter with a client that is connected to it, through a proxy that can answer in its stead. */
export interface LiveVcenter extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly proxy: CuttingProxy;
  readonly client: VsphereClient;
}

export async function startLiveVcenter(estate: Estate): Promise<LiveVcenter> {
  const simulator = await startSimulator({ estate });
  const proxy = await startCuttingProxy({ target: simulator });
  const client = createVsphereClient({
    url: proxy.url,
    username: simulator.username,
    password: simulator.password,
    trust: { kind: 'fingerprint', sha256: proxy.certificate.sha256 },
  });
  const stop = async (): Promise<void> => {
    await client.close();
    await proxy.stop();
    await simulator.stop();
  };
  try {
    await client.connect();
  } catch (error) {
    await stop();
    throw error;
  }
  return { simulator, proxy, client, [Symbol.asyncDispose]: stop };
}
