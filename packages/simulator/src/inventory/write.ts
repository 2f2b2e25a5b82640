import { writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Estate } from '../estate.ts';
import { renderObjectContent, renderResponse, type ObjectContent } from '../vim-xml.ts';
import { renderCompute, renderDatacenter, renderDatastore, renderRootFolder } from './compute.ts';
import { renderHost, renderNetworkHints } from './host.ts';
import { renderMachine, renderSnapshot } from './machine.ts';
import { Morefs } from './morefs.ts';
import { occupantsByNetwork, renderOpaqueNetwork, renderStandardNetwork, renderSwitch } from './network.ts';
import { planEstate, type DatacenterPlan, type EstatePlan } from './plan.ts';

/** The load order: a host's network system looks for its host while it is loaded. */
const phases = [
  'Folder',
  'Datacenter',
  'ClusterComputeResource',
  'ComputeResource',
  'EnvironmentBrowser',
  'ResourcePool',
  'HostSystem',
  'HostNetworkSystem',
  'Datastore',
  'VmwareDistributedVirtualSwitch',
  'DistributedVirtualPortgroup',
  'Network',
  'OpaqueNetwork',
  'VirtualMachine',
  'VirtualMachineSnapshot',
];

/** Files written before others get their turn. */
const filesInARow = 64;

/**
 * Writes the estate as a load folder of the simulator: one ObjectContent file
 * per object, canned replies in folders beside, and about.json.
 *
 * @param dir an existing, empty folder.
 * @returns the morefs that the objects got.
 * @throws Error that names the object whose reference can't be resolved.
 */
export async function writeInventory(estate: Estate, dir: string): Promise<{ morefs: Morefs }> {
  const plan = planEstate(estate);
  await writeFile(join(dir, 'about.json'), JSON.stringify(aboutOf(estate)));
  const contents = [renderRootFolder(plan)];
  for (const datacenter of plan.datacenters) {
    contents.push(...renderContents(plan, datacenter));
    for (const host of datacenter.hosts.values()) {
      const hints = renderNetworkHints(host.description);
      const folder = join(dir, `HostNetworkSystem-${host.networkSystem.value}`);
      await mkdir(folder);
      await writeFile(
        join(folder, 'QueryNetworkHint.xml'),
        renderResponse('QueryNetworkHintResponse', hints),
      );
    }
  }
  for (const [index, content] of contents.entries()) {
    const phase = String(phases.indexOf(content.object.type) + 10);
    const name = `${phase}-${content.object.type}-${String(index).padStart(6, '0')}.xml`;
    // Ten thousand small files: going through the thread pool only adds to their cost.
    writeFileSync(join(dir, name), renderObjectContent(content));
    if (index % filesInARow === 0) await setImmediate();
  }
  return { morefs: new Morefs(plan) };
}

function renderContents(plan: EstatePlan, datacenter: DatacenterPlan): ObjectContent[] {
  const occupants = occupantsByNetwork(datacenter);
  const machinesOf = (value: string) => occupants.get(value)?.machines ?? [];
  return [
    ...renderDatacenter(datacenter, plan.rootFolder),
    ...datacenter.computeResources.flatMap((compute) => renderCompute(datacenter, compute)),
    ...[...datacenter.hosts.values()].flatMap((host) => renderHost(plan, datacenter, host)),
    ...[...datacenter.datastores.values()].map((datastore) => renderDatastore(datacenter, datastore)),
    ...[...datacenter.switches.values()].flatMap((one) => renderSwitch(datacenter, one, occupants)),
    ...[...datacenter.standardNetworks.values()].map((network) =>
      renderStandardNetwork(datacenter, network, machinesOf(network.ref.value)),
    ),
    ...[...datacenter.opaqueNetworks.values()].map((network) =>
      renderOpaqueNetwork(datacenter, network, machinesOf(network.ref.value)),
    ),
    ...datacenter.virtualMachines.flatMap((machine) => [renderMachine(machine), ...renderSnapshot(machine)]),
  ];
}

/** ServiceContent.about. */
function aboutOf(estate: Estate): Record<string, string> {
  const esxi = estate.kind === 'esxi';
  const product = esxi ? 'VMware ESXi' : 'VMware vCenter Server';
  return {
    name: product,
    fullName: `${product} ${estate.version} build-${estate.build}`,
    vendor: 'VMware, Inc.',
    version: estate.version,
    build: estate.build,
    localeVersion: 'INTL',
    localeBuild: '000',
    osType: esxi ? 'vmnix-x86' : 'linux-x64',
    productLineId: esxi ? 'embeddedEsx' : 'vpx',
    apiType: esxi ? 'HostAgent' : 'VirtualCenter',
    apiVersion: `${estate.version}.0`,
    ...(esxi ? {} : { instanceUuid: estate.instanceUuid }),
    licenseProductName: esxi ? 'VMware ESX Server' : 'VMware VirtualCenter Server',
    licenseProductVersion: '8.0',
  };
}
