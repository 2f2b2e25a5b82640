import { naming, StepFailure } from '../failure.ts';
import { keysRetold, tellGuest, vcenterTime, writeExtraConfig } from '../guest/telling.ts';
import { watchGuest } from '../guest/watching.ts';
import { type MachineState, powerOn, shutDown } from '../machines.ts';
import type { Step } from '../step.ts';
import { type ChangeFacts, type ChangeRun, inputOf } from './facts.ts';
import { readServer, requireServer, SHUT_DOWN_MS, startAgain, syncServer } from './server.ts';
import { isOurCloudInit, type Settings, settingsOf } from './settings.ts';

/** In a VM's extraConfig: the package that VMware Tools are to customize the guest with when it starts next. Emptied, they don't. */
const PENDING = 'tools.deployPkg.fileName';

const isPending = ({ extraConfig }: MachineState): boolean => (extraConfig.get(PENDING) ?? '') !== '';

/** The card that the operation is about, as it is now. */
const cardOf = (run: ChangeRun) => run.facts.card ?? inputOf(run).nic;

/** Lays the settings where the guest finds them when it starts next. False where vCenter doesn't take them for this guest. */
async function tell(run: ChangeRun, machine: MachineState, settings: Settings): Promise<boolean> {
  const client = await run.vcenter();
  const { moref } = machine;
  if (run.facts.telling !== true) {
    // What it is to be told by somebody else would be lost, or ours would.
    if (settings.method === 'customization' && isPending(machine)) return false;
    const toldAt = await vcenterTime(client, run.signal);
    // Only what is written, so nothing secret: user data that is there isn't. And nothing of a guest that is told otherwise.
    const keys = settings.method === 'cloud_init' ? keysRetold(machine.extraConfig) : [];
    const formerGuestinfo = keys.map((key) => ({ key, value: machine.extraConfig.get(key) ?? '' }));
    await run.remember({ method: settings.method, formerGuestinfo, toldAt, telling: true });
  }
  try {
    await tellGuest(client, {
      vm: moref,
      ...settings,
      isNew: false,
      present: machine.extraConfig,
      signal: run.signal,
    });
    return true;
  } catch (error) {
    if (!(error instanceof StepFailure) || error.detail.code !== 'customization_refused') throw error;
    await run.remember({ telling: false, untellable: true });
    await run.log(error.detail);
    return false;
  }
}

/**
 * A guest takes up other settings only when it starts: where it may be restarted, or doesn't run anyway, it is told; otherwise a person is
 * told what to configure in it. One that takes its settings from guestinfo each time it starts must find those that hold then, whoever
 * starts it: else the former ones would come back.
 */
export const restartStep: Step<ChangeFacts> = {
  name: 'restart',
  act: async (run) => {
    const { server, restart, addresses, former } = inputOf(run);
    if (addresses.length === 0 || run.facts.told !== undefined) return undefined;
    const client = await run.vcenter();
    let machine = await requireServer(run);
    const running = run.facts.wasRunning ?? machine.powerState !== 'poweredOff';
    await run.remember({ wasRunning: running });
    const stops = running && restart;
    const settings =
      run.facts.starting === true || run.facts.untellable === true
        ? null
        : await settingsOf(run, machine, { card: cardOf(run), addresses, without: former });
    let told = run.facts.starting === true;
    if (settings !== null && (!running || stops || settings.method === 'cloud_init')) {
      if (stops) {
        await run.log({ code: 'restarting', params: {} });
        await stop(run);
        machine = await requireServer(run);
      }
      told = await tell(run, machine, settings);
      if (told && stops) await run.remember({ starting: true });
    }
    if (run.facts.stopped === true)
      await naming('power_on_failed', () => powerOn(client, server.moref, run.signal));
    const knows = told && (!running || stops);
    await run.remember({ told: knows });
    if (!knows)
      await run.warn({ code: 'guest_not_told', params: { ip: addresses.map(({ ip }) => ip).join(', ') } });
    return undefined;
  },
  undo: async (run) => {
    const machine = await readServer(run);
    if (machine === null) return undefined;
    // Of a card that is taken out again nothing more needs to be said; that goes before the guest starts.
    const goes = inputOf(run).nic === null;
    if (run.facts.telling === true && run.facts.retold !== true) {
      await untell(run, machine, goes);
      await run.remember({ retold: true });
    }
    if (!goes) await startAgain(run);
    return undefined;
  },
  remains: ({ facts, operation }) => {
    const ip = inputOf({ operation })
      .addresses.map((one) => one.ip)
      .join(', ');
    return [
      ...(facts.telling === true && facts.retold !== true
        ? [{ code: 'guest_told_left', params: { ip } }]
        : []),
      ...(facts.stopped === true ? [{ code: 'powered_off_left', params: {} }] : []),
    ];
  },
};

async function stop(run: ChangeRun): Promise<void> {
  const { moref } = inputOf(run).server;
  const client = await run.vcenter();
  await run.remember({ stopped: true });
  try {
    await naming('power_off_failed', () =>
      shutDown(client, moref, {
        waitMs: SHUT_DOWN_MS,
        isAsked: run.facts.shuttingDown === true,
        note: (asked) => run.remember({ shuttingDown: asked }),
        signal: run.signal,
      }),
    );
  } catch (error) {
    // It had its time, or wouldn't hear of it.
    if (error instanceof StepFailure) await run.remember({ shuttingDown: false });
    throw error;
  }
  await run.remember({ shuttingDown: false });
}

/** Takes back what the guest was told. One that may have taken it up already is told anew what held before. */
async function untell(run: ChangeRun, found: MachineState, goes: boolean): Promise<void> {
  const { addresses, former } = inputOf(run);
  const { method, formerGuestinfo = [], starting, wasRunning } = run.facts;
  const client = await run.vcenter();
  const { moref } = found;
  const started = starting === true || (wasRunning === false && found.powerState === 'poweredOn');
  let machine = found;
  if (started && !goes) {
    const settings =
      method === 'cloud_init'
        ? null
        : await settingsOf(run, machine, { card: cardOf(run), addresses: former, without: addresses });
    // It may come up with the new address, whatever is done here: then that must not be given to anybody else.
    if (method === 'customization' && settings === null && !isPending(machine))
      throw new StepFailure('guest_told');
    if (machine.powerState === 'poweredOn') {
      await stop(run);
      machine = await requireServer(run);
    }
    if (settings !== null) {
      if (isPending(machine)) await forgetPending(run, moref);
      await tellGuest(client, {
        vm: moref,
        ...settings,
        isNew: false,
        present: machine.extraConfig,
        signal: run.signal,
      });
      return;
    }
  }
  if (method === 'cloud_init')
    await writeExtraConfig(client, { vm: moref, entries: formerGuestinfo, signal: run.signal });
  else if (isPending(machine)) await forgetPending(run, moref);
}

async function forgetPending(run: ChangeRun, vm: string): Promise<void> {
  const entries = [{ key: PENDING, value: '' }];
  await writeExtraConfig(await run.vcenter(), { vm, entries, signal: run.signal });
}

/**
 * A guest that takes its settings from guestinfo waits in vain, when it starts, for a card that it was told of and that has gone: so it is
 * told of those that there are. It goes on running as it is.
 */
export const retellStep: Step<ChangeFacts> = {
  name: 'customize',
  act: async (run) => {
    const { nic } = inputOf(run);
    const machine = await readServer(run);
    if (machine === null || nic === null || !isOurCloudInit(machine)) return undefined;
    const settings = await settingsOf(run, machine, { card: null, addresses: [], without: [] });
    if (settings === null) return undefined;
    await run.remember({ wasRunning: machine.powerState !== 'poweredOff' });
    await tell(run, machine, settings);
    return { code: 'guestinfo_written', params: {} };
  },
  undo: async (run) => {
    const machine = await readServer(run);
    if (machine !== null && run.facts.telling === true) await untell(run, machine, true);
    return undefined;
  },
};

/** Waits for the guest to show its addresses where it was told of them and runs; in any case the book learns what it shows now. */
export const watchStep: Step<ChangeFacts> = {
  name: 'watch',
  // The change is done in vCenter and, where it was told, in the guest: that nobody could look takes nothing back.
  forgives: ({ code }) =>
    code === 'customization_failed' || code === 'server_gone'
      ? null
      : { code: 'not_watched', params: { reason: code } },
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
    await syncServer(run);
    return seen ? { code: 'address_seen', params: { ip } } : undefined;
  },
};
