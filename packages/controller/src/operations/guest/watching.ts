import { isTransient, type VsphereClient } from '@wirebook/vsphere';
import { formatAddress, isRoutableUnicast, parseAddress } from '../../domain/addresses.ts';
import { faultTypeOf, StepFailure } from '../failure.ts';
import { machineRef, pause } from '../machines.ts';

/** What a guest says of itself after it was told something. */
export interface GuestReport {
  readonly there: boolean;
  readonly powerState: string;
  readonly tools: string;
  /** By device key, canonical, without link-local ones. */
  readonly addresses: ReadonlyMap<number, readonly string[]>;
  /** Everything that it reports, whatever the interface. */
  readonly all: readonly string[];
  readonly customization: {
    readonly status: string;
    readonly message: string;
    /** vCenter's time, RFC 3339. */
    readonly endedAt: string | null;
  } | null;
}

async function readGuest(client: VsphereClient, vm: string, signal: AbortSignal): Promise<GuestReport> {
  for await (const page of client.readRefs({
    type: 'VirtualMachine',
    refs: [machineRef(vm)],
    properties: ['guest.net', 'guest.toolsRunningStatus', 'guest.customizationInfo', 'runtime.powerState'],
    signal,
  })) {
    for (const { props } of page.objects) {
      const info = props['guest.customizationInfo'];
      const addresses = new Map<number, string[]>();
      // What Tools said before they stopped may still stand there.
      const says = props['guest.toolsRunningStatus'] === 'guestToolsRunning';
      for (const nic of says ? (props['guest.net'] ?? []) : []) {
        const texts = [...nic.ipAddress, ...(nic.ipConfig?.ipAddress.map((one) => one.ipAddress) ?? [])];
        const own = texts.flatMap((text) => {
          const ip = parseAddress(text);
          return ip !== null && isRoutableUnicast(ip) ? [formatAddress(ip)] : [];
        });
        const key = nic.deviceConfigId ?? -1;
        addresses.set(key, [...new Set([...(addresses.get(key) ?? []), ...own])]);
      }
      return {
        there: true,
        powerState: props['runtime.powerState'] ?? '',
        tools: props['guest.toolsRunningStatus'] ?? 'guestToolsNotRunning',
        addresses,
        all: [...addresses.values()].flat(),
        customization:
          info === undefined
            ? null
            : {
                status: info.customizationStatus,
                message: info.errorMsg ?? '',
                endedAt: info.endTime ?? null,
              },
      };
    }
  }
  return { there: false, powerState: '', tools: '', addresses: new Map(), all: [], customization: null };
}

/** Events by which a customization says that it failed; the subclasses say where. Source: vSphere Web Services API. */
const failureEvents = [
  'CustomizationFailed',
  'CustomizationLinuxIdentityFailed',
  'CustomizationNetworkSetupFailed',
  'CustomizationSysprepFailed',
  'CustomizationUnknownFailure',
];

/** The first event since then by which the guest's customization says that it failed. `since` is vCenter's own time, RFC 3339. */
async function findFailure(
  client: VsphereClient,
  work: { vm: string; since: string; signal: AbortSignal },
): Promise<{ event: string; message: string } | null> {
  const manager = client.serviceContent.eventManager;
  if (manager === undefined) return null;
  const { returnval } = await client.call(
    'QueryEvents',
    manager,
    {
      filter: {
        entity: { entity: machineRef(work.vm), recursion: 'self' },
        time: { beginTime: work.since },
        eventTypeId: failureEvents,
      },
    },
    { signal: work.signal },
  );
  const [failed] = returnval.filter((event) => failureEvents.includes(event.$type));
  if (failed === undefined) return null;
  // The sentence of the event alone only says that it is one.
  const reason = 'reason' in failed ? failed.reason : undefined;
  return { event: failed.$type, message: reason ?? failed.fullFormattedMessage ?? '' };
}

export type Watched =
  | { readonly outcome: 'seen'; readonly report: GuestReport }
  /** The time is over: this is what the guest shows instead. */
  | { readonly outcome: 'not_seen'; readonly report: GuestReport };

const FIRST_LOOK_MS = 100;
const LAST_LOOK_MS = 2_000;

/**
 * Watches a guest until its Tools show all the addresses wanted, each on its NIC, or the time is over. Fails when the virtual machine goes
 * away or its customization says that it failed.
 */
export async function watchGuest(
  client: VsphereClient,
  work: {
    vm: string;
    /** By device key. */
    wanted: ReadonlyMap<number, readonly string[]>;
    /** vCenter's time before the guest was told; null where no customization is under way. */
    since: string | null;
    until: Date;
    signal: AbortSignal;
  },
): Promise<Watched> {
  const { vm, wanted, since, until, signal } = work;
  for (let wait = FIRST_LOOK_MS; ; wait = Math.min(wait * 1.5, LAST_LOOK_MS)) {
    const report = await readGuest(client, vm, signal);
    if (!report.there) throw new StepFailure('server_gone');
    if (since !== null) {
      const failed = await findFailure(client, { vm, since, signal }).catch((error: unknown) => {
        // Who may not read events is told by the customization's state alone.
        if (signal.aborted || isTransient(error) || faultTypeOf(error) === null) throw error;
        return null;
      });
      if (failed !== null) throw new StepFailure('customization_failed', failed);
      const { customization } = report;
      // One that ended before is another's.
      const isOurs = customization?.endedAt == null || Date.parse(customization.endedAt) >= Date.parse(since);
      if (customization?.status === 'TOOLSDEPLOYPKG_FAILED' && isOurs)
        throw new StepFailure('customization_failed', {
          event: 'TOOLSDEPLOYPKG_FAILED',
          message: customization.message,
        });
    }
    const seen = [...wanted].every(([deviceKey, ips]) =>
      ips.every((ip) => report.addresses.get(deviceKey)?.includes(ip) === true),
    );
    if (seen) return { outcome: 'seen', report };
    const left = until.getTime() - Date.now();
    if (left <= 0) return { outcome: 'not_seen', report };
    await pause(Math.min(wait, left), signal);
    signal.throwIfAborted();
  }
}
