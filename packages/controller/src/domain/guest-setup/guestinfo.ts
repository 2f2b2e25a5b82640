import { type CloudInit, cloudInitOf, lastingCloudInitOf } from './cloud-init.ts';
import type { GuestSetup, Told } from './guest-setup.ts';
import { GUESTINFO_AT_MOST, packed } from './user-data.ts';

/** An entry of a VM's `extraConfig`. An empty value removes it. */
export interface GuestinfoEntry {
  readonly key: GuestinfoKey;
  readonly value: string;
}

type GuestinfoKey = `guestinfo.${'metadata' | 'userdata'}${'' | '.encoding'}`;

/** What is set before the first boot. Secret: whoever may read the VM's configuration, and every user of the guest, can read it. */
export function guestinfoOf(
  setup: GuestSetup,
  options: { readonly salt: string },
): Told<readonly GuestinfoEntry[]> {
  const told = cloudInitOf(setup, options);
  return told.kind === 'refused' ? told : fitting(entriesOf(told.value));
}

/**
 * What takes its place once the guest is up, and whenever its network changes later: cloud-init reads it at each boot. Nothing secret is left.
 */
export function lastingGuestinfoOf(setup: GuestSetup): Told<readonly GuestinfoEntry[]> {
  return fitting(entriesOf(lastingCloudInitOf(setup)));
}

/** Takes all of it away. */
export const noGuestinfo: readonly GuestinfoEntry[] = entries({ metadata: '', userdata: '', encoding: '' });

function entriesOf({ metadata, userdata }: CloudInit): readonly GuestinfoEntry[] {
  return entries({ metadata: packed(metadata), userdata: packed(userdata), encoding: 'gzip+base64' });
}

function entries(values: {
  metadata: string;
  userdata: string;
  encoding: string;
}): readonly GuestinfoEntry[] {
  return [
    { key: 'guestinfo.metadata', value: values.metadata },
    { key: 'guestinfo.metadata.encoding', value: values.encoding },
    { key: 'guestinfo.userdata', value: values.userdata },
    { key: 'guestinfo.userdata.encoding', value: values.encoding },
  ];
}

function fitting(list: readonly GuestinfoEntry[]): Told<readonly GuestinfoEntry[]> {
  const bytes = Math.max(...list.map(({ value }) => value.length));
  return bytes > GUESTINFO_AT_MOST
    ? {
        kind: 'refused',
        refusals: [{ code: 'guestinfo_too_large', params: { bytes, max: GUESTINFO_AT_MOST } }],
      }
    : { kind: 'told', value: list };
}
