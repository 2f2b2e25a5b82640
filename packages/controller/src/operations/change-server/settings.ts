import { customizationOf } from '../../domain/guest-setup/customization.ts';
import { type GuestSetup, osOf, type Told } from '../../domain/guest-setup/guest-setup.ts';
import { lastingGuestinfoOf } from '../../domain/guest-setup/guestinfo.ts';
import { hostNameOf } from '../../domain/guest-setup/host-name.ts';
import { findGuestHostName, findHeldNics, type HeldClaim } from '../../store/server-changes.ts';
import { findNetworksOfServers } from '../../store/server-networks.ts';
import { nicSetups } from '../guest/setup.ts';
import { type MachineState, MARKER } from '../machines.ts';
import { cardsOfServer, findCard } from './cards.ts';
import { type ChangeRun, inputOf } from './facts.ts';

/** How a guest is told something, and what. */
export interface Settings {
  readonly method: 'customization' | 'cloud_init';
  readonly setup: GuestSetup;
}

/** What becomes different: the card concerned, what it has then, and what no card has any more. */
export interface SettingsChange {
  readonly card: { readonly deviceKey: number; readonly mac: string | null } | null;
  readonly addresses: readonly { claimId: string; ip: string; networkId: string; leased?: boolean }[];
  readonly without: readonly { claimId: string }[];
}

/** A guest that takes up what stands in guestinfo each time it starts, since it was made so. */
export function isOurCloudInit(machine: MachineState): boolean {
  return (machine.extraConfig.get('guestinfo.metadata') ?? '') !== '' && machine.extraConfig.has(MARKER);
}

/**
 * What the guest shall be as a whole, or null where nobody knows that: what isn't said would be overwritten. A guest that we made has of a
 * card just what it was told; of another all that it shows is what it has been configured with.
 */
export async function settingsOf(
  run: ChangeRun,
  machine: MachineState,
  change: SettingsChange,
): Promise<Settings | null> {
  const { server } = inputOf(run);
  const method = isOurCloudInit(machine) ? 'cloud_init' : 'customization';
  // A Windows that is customized again is a new one.
  if (osOf(machine.guestId ?? '') === 'windows') return null;
  const cards = cardsOfServer(machine);
  const changed = change.card === null ? undefined : findCard(cards, change.card);
  const gone = new Set(change.without.map(({ claimId }) => claimId));
  const isKept = (claim: HeldClaim): boolean =>
    !gone.has(claim.claimId) && !claim.shared && (method === 'customization' || claim.source !== 'tools');
  const held = await findHeldNics(run.db, server.id);
  const nics = cards.map((card) => {
    const mac = card.macAddress?.toLowerCase() ?? '';
    const nic = held.find((one) => findCard([card], one) !== undefined);
    const kept = (nic?.claims ?? []).filter(isKept);
    const known = new Set(kept.map(({ claimId }) => claimId));
    const more = card === changed ? change.addresses.filter(({ claimId }) => !known.has(claimId)) : [];
    const all = [...kept, ...more];
    const leases = all.filter(({ leased }) => leased === true);
    return { mac, addresses: all.filter(({ leased }) => leased !== true), leases };
  });
  const networks = await findNetworksOfServers(
    run.db,
    nics.flatMap(({ addresses }) => addresses.map(({ networkId }) => networkId)),
  );
  const isKnown = nics.every(
    ({ mac, addresses, leases }) =>
      mac !== '' &&
      (method === 'cloud_init' || addresses.length + leases.length > 0) &&
      isAskable(addresses, leases) &&
      addresses.every(({ networkId }) => networks.has(networkId)),
  );
  if (!isKnown) return null;
  const setups = nicSetups(nics, networks);
  const firstAsking = nics.findIndex(({ leases }) => leases.length > 0);
  const [label] = ((await findGuestHostName(run.db, server.id)) ?? '').split('.');
  const setup: GuestSetup = {
    instanceId: machine.extraConfig.get(MARKER) ?? server.id,
    os: 'linux',
    guestId: machine.guestId,
    hostName: hostNameOf(label === undefined || label === '' ? server.name : label),
    domain: setups.domain,
    // The DHCP server tells the guest its default route, as before.
    nics: setups.nics.map((nic, index) =>
      firstAsking >= 0 && index > firstAsking ? { ...nic, gateway4: null } : nic,
    ),
    sshKeys: [],
    password: null,
    userData: null,
  };
  // Told before anything is stopped for it.
  const told: Told<unknown> = method === 'cloud_init' ? lastingGuestinfoOf(setup) : customizationOf(setup);
  return told.kind === 'told' ? { method, setup } : null;
}

/**
 * Whether a NIC can be told to ask a DHCP server for what it has of one: customization has it do so where it is told no IPv4 address. Beside
 * one, or for IPv6, there is no way to say it.
 */
function isAskable(
  addresses: readonly { readonly ip: string }[],
  leases: readonly { readonly ip: string }[],
): boolean {
  const isV4 = ({ ip }: { readonly ip: string }): boolean => !ip.includes(':');
  return leases.length === 0 || (leases.every(isV4) && !addresses.some(isV4));
}
