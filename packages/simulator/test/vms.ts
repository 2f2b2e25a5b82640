import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Moref, Simulator } from '../src/index.ts';
import { textOf, type Session } from './soap.ts';

/** How a task ended. */
export interface TaskEnd {
  state: string;
  /** TaskInfo as XML. */
  info: string;
  /** The result's moref value, '' without one. */
  result: string;
  /** The fault's type, '' without one. */
  fault: string;
}

/** SOAP calls on VMs, as plain as they go over the wire. */
export interface Vms {
  /** Calls a method that returns a task. @returns the task. */
  begin: (body: string) => Promise<Moref>;
  end: (task: Moref) => Promise<TaskEnd>;
  run: (body: string) => Promise<TaskEnd>;
  clone: (name: string, options?: CloneOptions) => Promise<TaskEnd>;
  cloneBody: (name: string, options?: CloneOptions) => string;
  /** Reads a property of a VM until it looks as wanted; the test's own time-out ends it otherwise. */
  until: (vm: string, path: string, wanted: RegExp) => Promise<string>;
  read: (vm: string, path: string) => Promise<string>;
}

export interface CloneOptions {
  source?: string;
  folder?: string;
  host?: string | false;
  datastore?: string;
  /** Standard port group of the first card. */
  network?: string;
  /** Further content of `location`, before deviceChange. */
  location?: string;
  /** Content of `config`. */
  config?: string;
  /** The whole `customization` element. */
  customization?: string;
  powerOn?: boolean;
}

export function vmsOf(simulator: Simulator, session: Session): Vms {
  const { morefs } = simulator;
  const begin: Vms['begin'] = async (body) => {
    const reply = await session.call(body);
    expect(reply.status, reply.body).toBe(200);
    return { type: 'Task', value: textOf(reply.body, 'returnval') };
  };
  const end: Vms['end'] = async (task) => {
    for (;;) {
      const info = await session.property(task, 'info');
      const state = textOf(info, 'state');
      if (state === 'success' || state === 'error') {
        const fault = /<fault [^>]*type="([^"]+)"/.exec(info)?.[1] ?? '';
        return { state, info, result: textOf(info, 'result'), fault };
      }
      await setTimeout(5);
    }
  };
  const run: Vms['run'] = async (body) => end(await begin(body));
  const cloneBody: Vms['cloneBody'] = (name, options = {}) => {
    const { host = 'esx-01.lab.example', folder = 'Web', source = 'ubuntu-template' } = options;
    const nic =
      options.network === undefined
        ? ''
        : cardChange('edit', { key: 4000, backing: standardBacking(options.network) });
    const datastore =
      options.datastore === undefined
        ? ''
        : `<datastore type="Datastore">${morefs.datastore(options.datastore).value}</datastore>`;
    const hostElement = host === false ? '' : `<host type="HostSystem">${morefs.host(host).value}</host>`;
    const location = `<location>${datastore}${options.location ?? ''}<pool type="ResourcePool">${morefs.resourcePool('Lab-Cluster').value}</pool>${hostElement}${nic}</location>`;
    const config = options.config === undefined ? '' : `<config>${options.config}</config>`;
    return `<CloneVM_Task xmlns="urn:vim25"><_this type="VirtualMachine">${morefs.vm(source).value}</_this><folder type="Folder">${morefs.folder(folder).value}</folder><name>${name}</name><spec>${location}<template>false</template>${config}${options.customization ?? ''}<powerOn>${options.powerOn ?? false}</powerOn></spec></CloneVM_Task>`;
  };
  const read: Vms['read'] = (vm, path) => session.property({ type: 'VirtualMachine', value: vm }, path);
  return {
    begin,
    end,
    run,
    cloneBody,
    clone: (name, options) => run(cloneBody(name, options)),
    read,
    until: async (vm, path, wanted) => {
      for (;;) {
        const xml = await read(vm, path);
        if (wanted.test(xml)) return xml;
        await setTimeout(5);
      }
    },
  };
}

/** A call of a method on a VM. */
export function on(vm: string, method: string, content = ''): string {
  return `<${method} xmlns="urn:vim25"><_this type="VirtualMachine">${vm}</_this>${content}</${method}>`;
}

export function option(key: string, value: string): string {
  return `<extraConfig xsi:type="OptionValue"><key>${key}</key><value xsi:type="xsd:string">${value}</value></extraConfig>`;
}

/** A Linux customization with one setting per address (`10.0.0.9`, all in a /23). */
export function customization(...addresses: string[]): string {
  const nics = addresses.map(
    (address) =>
      `<nicSettingMap><adapter><ip xsi:type="CustomizationFixedIp"><ipAddress>${address}</ipAddress></ip><subnetMask>255.255.254.0</subnetMask><gateway>10.10.10.1</gateway></adapter></nicSettingMap>`,
  );
  return `<identity xsi:type="CustomizationLinuxPrep"><hostName xsi:type="CustomizationFixedName"><name>new-1</name></hostName><domain>lab.example</domain></identity><globalIPSettings><dnsServerList>10.10.20.53</dnsServerList></globalIPSettings>${nics.join('')}`;
}

export function standardBacking(name: string): string {
  return `<backing xsi:type="VirtualEthernetCardNetworkBackingInfo"><deviceName>${name}</deviceName></backing>`;
}

export function distributedBacking(group: { key?: string; switchUuid?: string }): string {
  return `<backing xsi:type="VirtualEthernetCardDistributedVirtualPortBackingInfo"><port><switchUuid>${group.switchUuid ?? ''}</switchUuid><portgroupKey>${group.key ?? ''}</portgroupKey></port></backing>`;
}

export function cardChange(
  operation: 'add' | 'edit' | 'remove',
  card: { key: number; backing?: string; mac?: string },
): string {
  const mac = card.mac === undefined ? '' : `<macAddress>${card.mac}</macAddress>`;
  return `<deviceChange><operation>${operation}</operation><device xsi:type="VirtualVmxnet3"><key>${card.key}</key>${card.backing ?? ''}${mac}</device></deviceChange>`;
}
