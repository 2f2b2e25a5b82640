import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha512Crypt } from '../../src/domain/guest-setup/sha512-crypt.ts';
import type { GuestSetup } from '../../src/domain/guest-setup/guest-setup.ts';
import {
  type GuestinfoEntry,
  guestinfoOf,
  lastingGuestinfoOf,
  noGuestinfo,
} from '../../src/domain/guest-setup/guestinfo.ts';
import { packed } from '../../src/domain/guest-setup/user-data.ts';
import { type Boot, type Guest, type Guests, startGuests } from './support/guest.ts';
import { interfacesOf } from './support/rendered-network.ts';
import {
  expectedOf,
  namesOf,
  nic4,
  nic6,
  nicBoth,
  nicOf,
  salt,
  setupOf,
  sshKey,
  toldBy,
} from './support/setups.ts';

let guests: Guests;
beforeAll(async () => {
  guests = await startGuests();
}, 600_000);
afterAll(() => guests[Symbol.asyncDispose]());

const password = 'correct horse "battery" $staple: ünïcode';

function firstBoot(guest: Guest, setup: GuestSetup): Promise<Boot> {
  return guest.boot({
    guestinfo: toldBy(guestinfoOf(setup, { salt })),
    names: namesOf(setup),
    ...(setup.password !== null && { password: setup.password }),
  });
}

async function bootOf(of: Partial<GuestSetup>): Promise<Boot> {
  await using guest = await guests.newGuest();
  const boot = await firstBoot(guest, setupOf(of));
  expect(boot.schemaErrors).toBeNull();
  return boot;
}

const updates = { network: { when: ['boot-new-instance', 'boot'] } };

describe('who a guest is', () => {
  test('it has its id, its host name and its domain', async () => {
    expect(await bootOf({ hostName: 'web1', domain: 'corp.example.com' })).toMatchObject({
      instance: setupOf({}).instanceId,
      hostName: 'web1',
      fqdn: 'web1.corp.example.com',
    });
  });

  test('without a domain it has the host name alone', async () => {
    expect(await bootOf({ domain: null })).toMatchObject({ hostName: 'web1' });
  });
});

describe('a cloud-config', () => {
  test('says what was asked for and nothing else, and is valid by the schema', async () => {
    const nics = [
      { ...nic4, ntp: ['ntp1.example.com', '10.20.0.3'] },
      nicOf(1, { ntp: ['10.20.0.3', '2001:db8::123'] }),
    ];
    const boot = await bootOf({ nics, sshKeys: [sshKey, `${sshKey} 二`], password });
    expect(boot.config).toEqual({
      updates,
      ssh_authorized_keys: [sshKey, `${sshKey} 二`],
      password: sha512Crypt(password, salt),
      chpasswd: { expire: false },
      ntp: { enabled: true, servers: ['ntp1.example.com', '10.20.0.3', '2001:db8::123'] },
    });
    expect((await bootOf({})).config).toEqual({ updates });
  });

  test("a password is the default user's, doesn't expire, and is what libcrypt checks", async () => {
    for (const one of [password, 'x', ' ', 'a'.repeat(127), '密码']) {
      const { passwords } = await bootOf({ password: one });
      expect(passwords).toEqual({ told: [['debian', sha512Crypt(one, salt), true]], accepted: true });
    }
  });

  test('a password stands nowhere in clear', async () => {
    await using guest = await guests.newGuest();
    const setup = setupOf({ password: 'Sup3rSecretWord', userData: '#!/bin/sh\ntrue\n' });
    expect(JSON.stringify(await firstBoot(guest, setup))).not.toContain('Sup3rSecretWord');
  });
});

describe("the user's own data", () => {
  test('a script comes as it is', async () => {
    for (const text of [
      '#!/bin/sh\necho "$1" \\\n  done',
      '#!/bin/bash\n# höflich 礼貌\nexit 0\n\n--\nFrom me\n',
    ]) {
      const { scripts, config } = await bootOf({ userData: text, sshKeys: [sshKey] });
      expect(Object.values(scripts)).toEqual([text]);
      expect(config).toEqual({ updates, ssh_authorized_keys: [sshKey] });
    }
  });

  test('a script that was written on Windows runs on Linux', async () => {
    const { scripts } = await bootOf({ userData: '#!/bin/sh\r\ntrue\r\n' });
    expect(Object.values(scripts)).toEqual(['#!/bin/sh\ntrue\n']);
  });

  test('a cloud-config is merged: lists hold both, what else it says stays', async () => {
    const userData = [
      '#cloud-config',
      'packages: [nginx]',
      'password: theirs',
      'ssh_authorized_keys:',
      '- ssh-ed25519 AAAATheirs them@example',
      'ntp: {enabled: false, servers: [ntp.theirs.example]}',
      '',
    ].join('\n');
    const nics = [{ ...nic4, ntp: ['10.20.0.3'] }];
    const { config } = await bootOf({ nics, sshKeys: [sshKey], password, userData });
    expect(config).toEqual({
      packages: ['nginx'],
      password: 'theirs',
      chpasswd: { expire: false },
      ssh_authorized_keys: ['ssh-ed25519 AAAATheirs them@example', sshKey],
      ntp: { enabled: false, servers: ['ntp.theirs.example', '10.20.0.3'] },
      updates,
    });
  });

  test('of a multi-part message every part arrives', async () => {
    const userData = [
      'From nobody Fri Jan  1 00:00:00 2027',
      'Content-Type: multipart/mixed;',
      ' boundary="===============1234=="',
      'MIME-Version: 1.0',
      '',
      '--===============1234==',
      'Content-Type: text/x-shellscript; charset="us-ascii"',
      'Content-Disposition: attachment; filename="first.sh"',
      '',
      '#!/bin/sh',
      'true',
      '--===============1234==',
      'Content-Type: text/cloud-config; charset="us-ascii"',
      '',
      '#cloud-config',
      'ssh_authorized_keys: [ssh-ed25519 AAAATheirs]',
      '--===============1234==--',
      '',
    ];
    for (const lineEnd of ['\n', '\r\n']) {
      const { config, scripts } = await bootOf({ userData: userData.join(lineEnd), sshKeys: [sshKey] });
      expect(config).toEqual({ updates, ssh_authorized_keys: ['ssh-ed25519 AAAATheirs', sshKey] });
      expect(Object.keys(scripts)).toEqual(['/first.sh']);
      expect(Object.values(scripts)[0]?.trim()).toBe('#!/bin/sh\ntrue');
    }
  });
});

describe('later boots', () => {
  const before = setupOf({ nics: [nic4], password, sshKeys: [sshKey], userData: '#!/bin/sh\ntrue\n' });
  const after = setupOf({
    nics: [{ ...nicBoth, addresses: [{ ip: '10.20.0.77', prefixLength: 24 }, ...nic6.addresses] }],
  });
  const names = namesOf(before);

  function expectNetworkOf(setup: GuestSetup, boot: Boot): void {
    for (const kind of ['netplan', 'eni', 'network-manager'] as const)
      expect(interfacesOf(kind, boot, names)).toEqual(expectedOf(setup));
  }

  test('take a network that has changed, whenever that is, and are the same instance', async () => {
    await using guest = await guests.newGuest();
    await firstBoot(guest, before);
    const lasting = { guestinfo: toldBy(lastingGuestinfoOf(before)), names };
    for (let boots = 0; boots < 2; boots += 1) expectNetworkOf(before, await guest.boot(lasting));
    const changed = { guestinfo: toldBy(lastingGuestinfoOf(after)), names };
    for (let boots = 0; boots < 2; boots += 1) {
      const boot = await guest.boot(changed);
      expectNetworkOf(after, boot);
      expect(boot.instance).toBe(before.instanceId);
      expect(boot.config).toEqual({ updates });
    }
  });

  test('would not, were the user data only emptied: this is why some of it stays', async () => {
    await using guest = await guests.newGuest();
    await firstBoot(guest, before);
    const emptied = (setup: GuestSetup): GuestinfoEntry[] => [
      ...toldBy(lastingGuestinfoOf(setup)).filter(({ key }) => key.startsWith('guestinfo.metadata')),
      ...noGuestinfo.filter(({ key }) => key.startsWith('guestinfo.userdata')),
    ];
    await guest.boot({ guestinfo: emptied(before), names });
    expect((await guest.boot({ guestinfo: emptied(after), names })).network).toBeNull();
  });

  test('find nothing secret', () => {
    const lasting = toldBy(lastingGuestinfoOf(before));
    expect(lasting.filter(({ key }) => key.startsWith('guestinfo.userdata'))).toEqual([
      {
        key: 'guestinfo.userdata',
        value: packed(`#cloud-config\n${JSON.stringify({ updates }, null, 1)}\n`),
      },
      { key: 'guestinfo.userdata.encoding', value: 'gzip+base64' },
    ]);
  });
});
