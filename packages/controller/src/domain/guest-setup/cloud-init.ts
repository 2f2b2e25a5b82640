import type { GuestSetup, Told } from './guest-setup.ts';
import { unionOf } from './guest-setup.ts';
import { networkConfigOf } from './network-config.ts';
import { sha512Crypt } from './sha512-crypt.ts';
import { joinUserData, readUserData } from './user-data.ts';

export interface CloudInit {
  /** JSON. Who the guest is, and its network. */
  readonly metadata: string;
  /** What it does at its first boot. Holds the hash of the password, and the user's own data. */
  readonly userdata: string;
}

/**
 * What cloud-init is told through guestinfo (docs.cloud-init.io, datasource VMware).
 *
 * @param salt for the password's hash, from `saltOf`; the same one makes the same text.
 */
export function cloudInitOf(setup: GuestSetup, { salt }: { readonly salt: string }): Told<CloudInit> {
  // Another program with another form of metadata would read it there (cloudbase-init).
  if (setup.os === 'windows')
    return { kind: 'refused', refusals: [{ code: 'cloud_init_on_windows', params: {} }] };
  const ours = cloudConfig(ownConfig(setup, salt));
  if (setup.userData === null)
    return { kind: 'told', value: { metadata: metadataOf(setup), userdata: ours } };
  const theirs = readUserData(setup.userData);
  return theirs.kind === 'refused'
    ? theirs
    : { kind: 'told', value: { metadata: metadataOf(setup), userdata: joinUserData(theirs.value, ours) } };
}

/** What stays after the first boot: nothing secret, and that the network is still taken from the metadata. */
export function lastingCloudInitOf(setup: GuestSetup): CloudInit {
  return { metadata: metadataOf(setup), userdata: cloudConfig(LASTING) };
}

function metadataOf(setup: GuestSetup): string {
  const { instanceId, hostName, domain } = setup;
  return asText({
    'instance-id': instanceId,
    // cloud-init takes what comes after the first dot for the domain.
    'local-hostname': domain === null ? hostName : `${hostName}.${domain}`,
    network: networkConfigOf(setup),
  });
}

/**
 * cloud-init looks at the network only when an instance is new, unless its configuration says otherwise; and it takes its configuration from
 * the user data that it finds at each boot, so this has to stay there.
 */
const LASTING = { updates: { network: { when: ['boot-new-instance', 'boot'] } } };

function ownConfig(setup: GuestSetup, salt: string): object {
  const ntp = unionOf(setup.nics, (nic) => nic.ntp);
  return {
    ...LASTING,
    ...(setup.sshKeys.length > 0 && { ssh_authorized_keys: setup.sshKeys }),
    // Of the image's default user. Whether sshd takes passwords at all stays as the image has it.
    ...(setup.password !== null && {
      password: sha512Crypt(setup.password, salt),
      chpasswd: { expire: false },
    }),
    ...(ntp.length > 0 && { ntp: { enabled: true, servers: ntp } }),
  };
}

function cloudConfig(config: object): string {
  return `#cloud-config\n${asText(config)}`;
}

/** JSON is YAML, and needs no rules of quoting. */
function asText(value: object): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
