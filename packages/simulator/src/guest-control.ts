import type { Control } from './control.ts';
import type { GuestNic, GuestStack, NicNetwork, ToolsState, VirtualMachine, VirtualNic } from './estate.ts';
import { renderDevices } from './inventory/devices.ts';
import { renderGuestNic, renderGuestStack, renderMachine, toolsProperties } from './inventory/machine.ts';
import type { Morefs, Within } from './inventory/morefs.ts';
import { escapeName } from './inventory/naming.ts';
import type { MachinePlan } from './inventory/plan.ts';
import { referenceList, stringProperty, type Moref, type VimProperty } from './vim-xml.ts';

/**
 * Changes of VMs and port groups by name. They work on the VMs of the estate,
 * and keep its description in step; a VM that the simulator cloned is changed
 * by `setProperty`.
 */
export interface GuestControl {
  /** What Tools report from now on. */
  setGuestNet: (vm: string, nics: GuestNic[], within?: Within) => Promise<void>;
  setGuestStacks: (vm: string, stacks: GuestStack[], within?: Within) => Promise<void>;
  /** Powers on or off without a task; guest.net stays as it was, as on a real vCenter. */
  setPowerState: (vm: string, state: VirtualMachine['powerState'], within?: Within) => Promise<void>;
  setToolsStatus: (vm: string, tools: ToolsState, within?: Within) => Promise<void>;
  renameVm: (vm: string, name: string, within?: Within) => Promise<void>;
  renamePortGroup: (
    name: string,
    newName: string,
    within?: Parameters<Morefs['portGroup']>[1],
  ) => Promise<void>;
  moveNic: (vm: string, deviceKey: number, network: NicNetwork, within?: Within) => Promise<void>;
  setMac: (vm: string, deviceKey: number, mac: string, within?: Within) => Promise<void>;
  setNicConnected: (vm: string, deviceKey: number, connected: boolean, within?: Within) => Promise<void>;
  /** A further VM; its folder must exist. */
  addVm: (datacenter: string, vm: VirtualMachine) => Promise<Moref>;
  removeVm: (vm: string, within?: Within) => Promise<void>;
}

export function createGuestControl(control: Control, morefs: Morefs): GuestControl {
  let changes = 0;
  // config.changeVersion is opaque; all that counts is that it differs.
  const nextVersion = (): VimProperty => {
    changes += 1;
    return stringProperty('config.changeVersion', `2026-02-01T00:00:00.${String(changes).padStart(6, '0')}Z`);
  };
  const devicesOf = (machine: MachinePlan): VimProperty => ({
    path: 'config.hardware.device',
    type: 'ArrayOfVirtualDevice',
    value: { VirtualDevice: renderDevices(machine) },
  });
  const replaceNic = async (
    machine: MachinePlan,
    deviceKey: number,
    edit: (nic: VirtualNic) => VirtualNic,
  ): Promise<void> => {
    const index = machine.nics.findIndex((nic) => nic.description.key === deviceKey);
    const old = machine.nics[index];
    if (old === undefined)
      throw new Error(`VM ${machine.description.name} has no NIC with key ${deviceKey}.`);
    const description = edit(old.description);
    machine.nics[index] = { description, backing: morefs.backing(machine, description.network) };
    const networks = machine.nics.flatMap(({ backing }) =>
      backing.network === undefined ? [] : [backing.network],
    );
    const unique = [...new Map(networks.map((ref) => [ref.value, ref])).values()];
    await control.setProperties(machine.ref, [
      devicesOf(machine),
      referenceList('network', unique),
      nextVersion(),
    ]);
  };

  return {
    setGuestNet: async (vm, nics, within) => {
      const machine = morefs.machine(vm, within);
      const cards = new Map(machine.nics.map((nic) => [nic.description.key, nic]));
      const value = nics.map((nic) => {
        const card = cards.get(nic.deviceConfigId);
        return renderGuestNic(nic, card?.backing.name, card?.description.mac);
      });
      await control.setProperty(machine.ref, {
        path: 'guest.net',
        type: 'ArrayOfGuestNicInfo',
        value: { GuestNicInfo: value },
      });
    },
    setGuestStacks: async (vm, stacks, within) => {
      await control.setProperty(morefs.vm(vm, within), {
        path: 'guest.ipStack',
        type: 'ArrayOfGuestStackInfo',
        value: { GuestStackInfo: stacks.map(renderGuestStack) },
      });
    },
    setPowerState: async (vm, state, within) => {
      const machine = morefs.machine(vm, within);
      machine.description = { ...machine.description, powerState: state };
      const power = { type: 'VirtualMachinePowerState', value: state };
      await control.setProperties(machine.ref, [
        { path: 'runtime.powerState', ...power },
        { path: 'summary.runtime.powerState', ...power },
        ...toolsChanges(machine),
        devicesOf(machine),
      ]);
    },
    setToolsStatus: async (vm, tools, within) => {
      const machine = morefs.machine(vm, within);
      machine.description = { ...machine.description, tools };
      await control.setProperties(machine.ref, toolsChanges(machine));
    },
    renameVm: async (vm, name, within) => {
      const machine = morefs.machine(vm, within);
      await control.setProperties(machine.ref, [
        stringProperty('name', name),
        stringProperty('config.name', name),
        stringProperty('summary.config.name', name),
        nextVersion(),
      ]);
      machine.description = { ...machine.description, name };
    },
    renamePortGroup: async (name, newName, within) => {
      const { ref, key } = morefs.portGroup(name, within);
      const shown = key === undefined ? newName : escapeName(newName);
      const properties = [stringProperty('name', shown), stringProperty('summary.name', shown)];
      if (key !== undefined) properties.push(stringProperty('config.name', shown));
      await control.setProperties(ref, properties);
    },
    moveNic: async (vm, deviceKey, network, within) => {
      await replaceNic(morefs.machine(vm, within), deviceKey, (nic) => ({ ...nic, network }));
    },
    setMac: async (vm, deviceKey, mac, within) => {
      await replaceNic(morefs.machine(vm, within), deviceKey, (nic) => ({ ...nic, mac }));
    },
    setNicConnected: async (vm, deviceKey, connected, within) => {
      await replaceNic(morefs.machine(vm, within), deviceKey, (nic) => ({ ...nic, connected }));
    },
    addVm: async (datacenter, vm) => {
      const machine = morefs.addMachine(datacenter, vm);
      await control.addObject(renderMachine(machine));
      return machine.ref;
    },
    removeVm: async (vm, within) => {
      await control.removeObject(morefs.vm(vm, within));
    },
  };
}

function toolsChanges(machine: MachinePlan): VimProperty[] {
  const { tools, powerState } = machine.description;
  const properties: VimProperty[] = [];
  for (const [name, value] of Object.entries(toolsProperties(tools, powerState))) {
    const type = name === 'toolsStatus' ? 'VirtualMachineToolsStatus' : 'xsd:string';
    properties.push({ path: `guest.${name}`, type, value });
    if (name !== 'toolsVersion') properties.push({ path: `summary.guest.${name}`, type, value });
  }
  const running = tools.startsWith('running') && powerState === 'poweredOn';
  const heartbeat = { type: 'ManagedEntityStatus', value: running ? 'green' : 'gray' };
  properties.push(
    stringProperty('guest.guestState', running ? 'running' : 'notRunning'),
    { path: 'guestHeartbeatStatus', ...heartbeat },
    { path: 'summary.quickStats.guestHeartbeatStatus', ...heartbeat },
  );
  return properties;
}
