import type { ServerInput, SetupMethod } from '@wirebook/contract';
import { type FieldError, Problem, refuseInput } from '../../app/problem.ts';
import { customizationOf } from '../../domain/guest-setup/customization.ts';
import { type GuestOs, osOf, type Told } from '../../domain/guest-setup/guest-setup.ts';
import { guestinfoOf } from '../../domain/guest-setup/guestinfo.ts';
import { hostNameOf, readHostName } from '../../domain/guest-setup/host-name.ts';
import { readPassword } from '../../domain/guest-setup/password.ts';
import { saltOf } from '../../domain/guest-setup/sha512-crypt.ts';
import { readSshKey } from '../../domain/guest-setup/ssh-key.ts';
import { readUserData } from '../../domain/guest-setup/user-data.ts';
import { findNetworksOfServers } from '../../store/server-networks.ts';
import type { Queries } from '../../store/database.ts';
import type { CreateSecrets } from '../create-server/starting.ts';
import { nicSetups } from '../guest/setup.ts';
import type { SourceReading } from '../source-reading.ts';
import type { AddressWish } from './wishes.ts';

/** How the guest is told, and what. */
export interface GuestWish {
  readonly setup: SetupMethod;
  readonly hostName: string | null;
  readonly secrets: CreateSecrets;
}

/** Reads what is asked of the guest. Problems: `invalid_input`, `setup_unfit`. */
export function readGuestWish(input: ServerInput, source: SourceReading): GuestWish {
  const os = osOf(source.guestId ?? '');
  const errors: FieldError[] = [];
  const read = <T>(field: string, value: unknown, told: Told<T, Refusal>): T | null => {
    if (told.kind === 'told') return told.value;
    errors.push(...told.refusals.map(({ code, params }) => ({ field, value, code, params: { ...params } })));
    return null;
  };
  const { hostName, password, sshKeys = [], userData } = input;
  if (hostName !== undefined && (input.count ?? 1) > 1)
    errors.push({
      field: 'hostName',
      value: hostName,
      code: 'one_of_two',
      params: { first: 'hostName', second: 'count' },
    });
  const wish: GuestWish = {
    setup: methodOf(input, os),
    hostName: hostName === undefined ? null : read('hostName', hostName, readHostName(hostName, os)),
    secrets: {
      password: password === undefined ? null : read('password', null, readPassword(password, os)),
      sshKeys: sshKeys.flatMap((key, index) => read(`sshKeys[${index}]`, null, readSshKey(key))?.line ?? []),
      userData:
        userData === undefined ? null : (read('userData', null, readUserData(userData))?.text ?? null),
    },
  };
  if (errors.length > 0) throw refuseInput(errors);
  return wish;
}

interface Refusal {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}

function methodOf(input: ServerInput, os: GuestOs): SetupMethod {
  // What customization can't tell a Linux.
  const wantsCloudInit =
    os === 'linux' &&
    (input.sshKeys !== undefined || input.userData !== undefined || input.password !== undefined);
  const method = input.setup ?? (wantsCloudInit ? 'cloud_init' : 'customization');
  const why = unfit(method, input, os);
  if (why !== null) throw new Problem('setup_unfit', { why });
  return method;
}

function unfit(method: SetupMethod, input: ServerInput, os: GuestOs): string | null {
  const { password, sshKeys, userData } = input;
  switch (method) {
    case 'none':
      return password === undefined && sshKeys === undefined && userData === undefined
        ? null
        : 'none_with_secrets';
    case 'cloud_init':
      return os === 'windows' ? 'windows_cloud_init' : null;
    case 'customization':
      if (sshKeys !== undefined) return 'keys_customization';
      if (userData !== undefined) return 'user_data_customization';
      if (os === 'linux') return password === undefined ? null : 'password_linux';
      return password === undefined ? 'windows_password_missing' : null;
  }
}

/** A MAC that stands for those to come, as the first address of a network does: what a guest can be told doesn't depend on which they are. */
const SOME_MAC = '00:50:56:00:00:00';

/** Whether the guest can be told what these networks ask of it, before anything is made, and what it can't be told. Problem: `setup_unfit`. */
export async function checkGuest(
  db: Queries,
  work: {
    name: string;
    wish: GuestWish;
    guestId: string | null;
    nics: readonly (readonly AddressWish[])[];
  },
): Promise<{ code: string; params: Record<string, string | number> }[]> {
  const { name, wish, guestId } = work;
  if (wish.setup === 'none') return [];
  const networks = await findNetworksOfServers(
    db,
    work.nics.flatMap((nic) => nic.map(({ network }) => network.id)),
  );
  const { nics, domain } = nicSetups(
    work.nics.map((nic) => ({
      mac: SOME_MAC,
      addresses: nic.map(({ network }) => ({ ip: network.start, networkId: network.id })),
    })),
    networks,
  );
  const os = osOf(guestId ?? '');
  const setup = {
    instanceId: SOME_MAC,
    hostName: wish.hostName ?? hostNameOf(name, os),
    domain,
    nics,
    os,
    guestId,
    ...wish.secrets,
  };
  if (wish.setup === 'cloud_init') {
    whatIsTold(guestinfoOf(setup, { salt: saltOf(Buffer.alloc(16)) }));
    return [];
  }
  return whatIsTold(customizationOf(setup)).untold.map(({ code, params }) => ({
    code,
    params: { ...params },
  }));
}

function whatIsTold<T>(told: Told<T>): T {
  if (told.kind === 'told') return told.value;
  const [first] = told.refusals;
  throw new Problem('setup_unfit', { why: first?.code ?? '-', ...first?.params });
}
