import { z } from 'zod';
import { hostNameOf } from '../../domain/guest-setup/host-name.ts';
import { type GuestSetup, osOf } from '../../domain/guest-setup/guest-setup.ts';
import { findNetworksOfClaims, findNetworksOfServers } from '../../store/server-networks.ts';
import { syncServers } from '../../sync/server-sync.ts';
import { naming, StepFailure } from '../failure.ts';
import { nicSetups } from '../guest/setup.ts';
import { leaveLastingGuestinfo, tellGuest, vcenterTime } from '../guest/telling.ts';
import { watchGuest } from '../guest/watching.ts';
import { powerOn, readMachine } from '../machines.ts';
import type { Step, StepRun } from '../step.ts';
import type { CreateFacts } from './facts.ts';
import { inputOf, placeOf, vmOf } from './placing.ts';

type Run = StepRun<CreateFacts>;

/** What was sealed with the request. */
export const createSecrets = z.object({
  password: z.string().nullable(),
  sshKeys: z.array(z.string()),
  userData: z.string().nullable(),
});
export type CreateSecrets = z.infer<typeof createSecrets>;

/** Tells the guest what it shall be when it starts for the first time. */
export const customizeStep: Step<CreateFacts> = {
  name: 'customize',
  act: async (run) => {
    const { setup: method, nics } = inputOf(run);
    if (method === 'none')
      return nics.some(({ addresses }) => addresses.length > 0)
        ? run.warn({ code: 'guest_not_told', params: { ip: ipsOf(run).join(', ') } })
        : undefined;
    const client = await run.vcenter();
    const vm = vmOf(run);
    const machine = await readMachine(client, vm, run.signal);
    if (machine === null) throw new StepFailure('server_gone');
    // It runs already: it was told before, and the note of it was lost.
    if (machine.powerState === 'poweredOn') return undefined;
    const toldAt = await vcenterTime(client, run.signal);
    const setup = await setupOf(run, machine.guestId);
    await run.remember({ toldAt, userDataLaid: method === 'cloud_init' });
    await tellGuest(client, { vm, method, setup, isNew: true, signal: run.signal });
    return method === 'cloud_init'
      ? { code: 'guestinfo_written', params: {} }
      : { code: 'customizing', params: { hostName: setup.hostName } };
  },
};

async function setupOf(run: Run, guestId: string | null): Promise<GuestSetup> {
  const { name, hostName, nics } = inputOf(run);
  const secrets = createSecrets.parse(run.secrets());
  // Networks may have been split or merged since the addresses were taken.
  const claims = nics.flatMap(({ addresses }) => addresses.map(({ claimId }) => claimId));
  const networkOf = await findNetworksOfClaims(run.db, claims);
  const told = nics.map(({ addresses }, index) => ({
    mac: run.facts.nics?.[index]?.mac ?? '',
    addresses: addresses.map(({ claimId, ip }) => {
      const networkId = networkOf.get(claimId);
      if (networkId === undefined) throw new StepFailure('addresses_lost', { ips: ip });
      return { ip, networkId };
    }),
  }));
  const networks = await findNetworksOfServers(run.db, [...new Set(networkOf.values())]);
  const setups = nicSetups(told, networks);
  const os = osOf(guestId ?? '');
  return {
    instanceId: run.operation.id,
    os,
    guestId,
    hostName: hostName ?? hostNameOf(name, os),
    domain: setups.domain,
    nics: setups.nics,
    ...secrets,
  };
}

export const powerOnStep: Step<CreateFacts> = {
  name: 'power_on',
  act: async (run) => {
    if (!inputOf(run).powerOn) return { code: 'not_powered_on', params: {} };
    const client = await run.vcenter();
    const host = { type: 'HostSystem', value: placeOf(run).host };
    await naming('power_on_failed', () => powerOn(client, vmOf(run), run.signal, host));
    return undefined;
  },
};

/** Done when Tools show the addresses on the NICs that they were taken for; or, after the time allowed, with a warning that says what they show. */
export const watchStep: Step<CreateFacts> = {
  name: 'watch',
  // It has been made and runs: that nobody could look at it any longer is no reason to destroy it.
  forgives: ({ code }) =>
    code === 'customization_failed' || code === 'server_gone'
      ? null
      : { code: 'not_watched', params: { reason: code } },
  act: async (run) => {
    const input = inputOf(run);
    const wanted = wantedOf(run);
    const vm = vmOf(run);
    if (!input.powerOn) return syncAfter(run, vm);
    const client = await run.vcenter();
    const waitUntil = run.facts.waitUntil ?? new Date(Date.now() + input.waitSeconds * 1000).toISOString();
    await run.remember({ waitUntil });
    if (input.setup === 'none' || wanted.size === 0) return syncAfter(run, vm);
    await run.log({ code: 'watching', params: { ip: ipsOf(run).join(', '), seconds: input.waitSeconds } });
    const { outcome, report } = await watchGuest(client, {
      vm,
      wanted,
      since: input.setup === 'customization' ? (run.facts.toldAt ?? null) : null,
      until: new Date(waitUntil),
      signal: run.signal,
    });
    await syncAfter(run, vm);
    const ip = ipsOf(run).join(', ');
    if (outcome === 'seen') {
      await run.remember({ seen: true });
      return { code: 'address_seen', params: { ip } };
    }
    if (report.all.length > 0)
      await run.warn({
        code: 'other_address_seen',
        params: { ip, seen: report.all.join(', '), seconds: input.waitSeconds },
      });
    else
      await run.warn({
        code: 'no_address_seen',
        params: { ip, seconds: input.waitSeconds, tools: report.tools },
      });
    return undefined;
  },
};

/** The server as it is now stands in the book at once, with what Tools show of it. */
async function syncAfter(run: Run, vm: string): Promise<undefined> {
  await syncServers({
    db: run.db,
    client: await run.vcenter(),
    account: run.account,
    morefs: [vm],
    signal: run.signal,
  });
  return undefined;
}

function wantedOf(run: Run): Map<number, string[]> {
  const wanted = new Map<number, string[]>();
  for (const [index, { addresses }] of inputOf(run).nics.entries()) {
    const nic = run.facts.nics?.[index];
    if (nic !== undefined && addresses.length > 0)
      wanted.set(
        nic.deviceKey,
        addresses.map(({ ip }) => ip),
      );
  }
  return wanted;
}

function ipsOf(run: Run): string[] {
  return run.operation.addresses.map(({ ip }) => ip);
}

/** User data may hold what only the guest should read: once it has come up, it is taken away. */
export const cleanStep: Step<CreateFacts> = {
  name: 'clean',
  forgives: ({ code }) => (code === 'server_gone' ? null : { code: 'userdata_stays', params: {} }),
  act: async (run) => {
    if (run.facts.userDataLaid !== true) return undefined;
    if (run.facts.seen !== true) {
      // Perhaps it hasn't read it yet: a guest without its keys would help nobody.
      await run.warn({ code: 'userdata_stays', params: {} });
      return undefined;
    }
    const client = await run.vcenter();
    const vm = vmOf(run);
    const machine = await readMachine(client, vm, run.signal);
    if (machine === null) throw new StepFailure('server_gone');
    const setup = await setupOf(run, machine.guestId);
    await leaveLastingGuestinfo(client, { vm, setup, signal: run.signal });
    await syncAfter(run, vm);
    return { code: 'userdata_removed', params: {} };
  },
};
