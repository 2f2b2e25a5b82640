import { hostNameOf } from '../../domain/guest-setup/host-name.ts';
import { findGuestHostName, findHeldNics } from '../../store/server-changes.ts';
import { findNetworksOfServers } from '../../store/server-networks.ts';
import { syncServers } from '../../sync/server-sync.ts';
import { osOf } from '../../domain/guest-setup/guest-setup.ts';
import { naming, StepFailure } from '../failure.ts';
import { nicSetups } from '../guest/setup.ts';
import { tellGuest, vcenterTime } from '../guest/telling.ts';
import { watchGuest } from '../guest/watching.ts';
import { type MachineState, MARKER, powerOn, readMachine, shutDown } from '../machines.ts';
import { cardsOf } from '../network-devices.ts';
import type { Step } from '../step.ts';
import { type ChangeFacts, type ChangeRun, inputOf } from './facts.ts';

/** How long a guest is given to shut down before it is switched off, in milliseconds. */
const SHUT_DOWN_MS = 120_000;

/**
 * A guest takes up other settings only when it starts: where it may be restarted, or doesn't run anyway, it is told; otherwise a person is
 * told what to configure in it.
 */
export const restartStep: Step<ChangeFacts> = {
  name: 'restart',
  act: async (run) => {
    const { server, restart, addresses, former } = inputOf(run);
    if (addresses.length === 0 || run.facts.told === true) return undefined;
    const client = await run.vcenter();
    const machine = await readMachine(client, server.moref, run.signal);
    if (machine === null) throw new StepFailure('server_gone');
    const running = run.facts.wasRunning ?? machine.powerState === 'poweredOn';
    await run.remember({ wasRunning: running });
    const told =
      running && !restart
        ? null
        : await settingsOf(run, machine, {
            addresses,
            without: new Set(former.map(({ claimId }) => claimId)),
          });
    if (told === null) {
      await run.warn({ code: 'guest_not_told', params: { ip: addresses.map(({ ip }) => ip).join(', ') } });
      return undefined;
    }
    if (running) {
      await run.remember({ stopped: true });
      await run.log({ code: 'restarting', params: {} });
      await naming('power_off_failed', () =>
        shutDown(client, server.moref, { waitMs: SHUT_DOWN_MS, signal: run.signal }),
      );
    }
    const toldAt = await vcenterTime(client, run.signal);
    await run.remember({ toldAt, method: told.method, telling: true });
    await tellGuest(client, { vm: server.moref, ...told, isNew: false, signal: run.signal });
    if (running) await naming('power_on_failed', () => powerOn(client, server.moref, run.signal));
    await run.remember({ told: true });
    return undefined;
  },
  undo: async (run) => {
    const { server, nic } = inputOf(run);
    const client = await run.vcenter();
    const machine = await readMachine(client, server.moref, run.signal);
    // Of a card that is taken out again nothing needs to be said; it goes before the guest starts.
    if (machine === null || nic === null) return undefined;
    if (run.facts.telling === true) {
      const { former } = inputOf(run);
      const settings = await settingsOf(run, machine, { addresses: former, without: new Set() });
      // It may come up with the new address, whatever is done here: then that must not be given to anybody else.
      if (settings === null) throw new StepFailure('guest_told');
      if (machine.powerState === 'poweredOn') {
        await run.remember({ stopped: true });
        await shutDown(client, server.moref, { waitMs: SHUT_DOWN_MS, signal: run.signal });
      }
      await tellGuest(client, { vm: server.moref, ...settings, isNew: false, signal: run.signal });
    }
    if (run.facts.stopped === true) await powerOn(client, server.moref, run.signal);
    return undefined;
  },
};

/** What the guest shall be as a whole, or null where nobody knows that: what isn't said would be overwritten. */
async function settingsOf(
  run: ChangeRun,
  machine: MachineState,
  change: { addresses: readonly { ip: string; networkId: string }[]; without: ReadonlySet<string> },
): Promise<Pick<Parameters<typeof tellGuest>[1], 'method' | 'setup'> | null> {
  const { server, nic: changed } = inputOf(run);
  const instanceId = machine.extraConfig.get(MARKER);
  const cloudInit = (machine.extraConfig.get('guestinfo.metadata') ?? '') !== '' && instanceId !== undefined;
  // A Windows that is customized again is a new one.
  if (machine.hardware === null || (osOf(machine.guestId ?? '') === 'windows' && !cloudInit)) return null;
  const held = await findHeldNics(run.db, server.id);
  const card = run.facts.card?.deviceKey ?? changed?.deviceKey;
  const nics = cardsOf(machine.hardware.device).map((device) => ({
    mac: device.macAddress?.toLowerCase() ?? '',
    addresses:
      device.key === card
        ? change.addresses
        : (held.find(({ deviceKey }) => deviceKey === device.key)?.claims ?? []).filter(
            ({ claimId }) => !change.without.has(claimId),
          ),
  }));
  if (nics.some((nic) => nic.addresses.length === 0 || nic.mac === '')) return null;
  const networks = await findNetworksOfServers(
    run.db,
    nics.flatMap((nic) => nic.addresses.map(({ networkId }) => networkId)),
  );
  const setups = nicSetups(nics, networks);
  const [label] = ((await findGuestHostName(run.db, server.id)) ?? '').split('.');
  return {
    method: cloudInit ? 'cloud_init' : 'customization',
    setup: {
      instanceId: instanceId ?? server.id,
      os: 'linux',
      guestId: machine.guestId,
      hostName: hostNameOf(label === undefined || label === '' ? server.name : label),
      domain: setups.domain,
      nics: setups.nics,
      sshKeys: [],
      password: null,
      userData: null,
    },
  };
}

/** Waits for the guest to show its addresses where it was told of them and runs; in any case the book learns what it shows now. */
export const watchStep: Step<ChangeFacts> = {
  name: 'watch',
  act: async (run) => {
    const { server, addresses, waitSeconds } = inputOf(run);
    const client = await run.vcenter();
    const deviceKey = run.facts.card?.deviceKey;
    let seen = false;
    const ip = addresses.map((one) => one.ip).join(', ');
    if (run.facts.told === true && run.facts.wasRunning === true && deviceKey !== undefined) {
      const waitUntil = run.facts.waitUntil ?? new Date(Date.now() + waitSeconds * 1000).toISOString();
      await run.remember({ waitUntil });
      await run.log({ code: 'watching', params: { ip, seconds: waitSeconds } });
      const { outcome, report } = await watchGuest(client, {
        vm: server.moref,
        wanted: new Map([[deviceKey, addresses.map((one) => one.ip)]]),
        since: run.facts.method === 'customization' ? (run.facts.toldAt ?? null) : null,
        until: new Date(waitUntil),
        signal: run.signal,
      });
      seen = outcome === 'seen';
      if (!seen && report.all.length > 0)
        await run.warn({
          code: 'other_address_seen',
          params: { ip, seen: report.all.join(', '), seconds: waitSeconds },
        });
      else if (!seen)
        await run.warn({
          code: 'no_address_seen',
          params: { ip, seconds: waitSeconds, tools: report.tools },
        });
    }
    await run.remember({ seen });
    await syncServers({
      db: run.db,
      client,
      account: run.account,
      morefs: [server.moref],
      signal: run.signal,
    });
    return seen ? { code: 'address_seen', params: { ip } } : undefined;
  },
};
