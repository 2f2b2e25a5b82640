import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { osOf, type Told } from '../../src/domain/guest-setup/guest-setup.ts';
import { hostNameOf, readHostName } from '../../src/domain/guest-setup/host-name.ts';
import { readPassword } from '../../src/domain/guest-setup/password.ts';
import { readSshKey } from '../../src/domain/guest-setup/ssh-key.ts';
import { GUESTINFO_AT_MOST, packed, readUserData } from '../../src/domain/guest-setup/user-data.ts';
import { toldBy } from './support/setups.ts';

function codeOf(told: Told<unknown, { readonly code: string }>): string {
  return told.kind === 'told' ? 'told' : told.refusals.map(({ code }) => code).join(', ');
}

const anyOs = fc.constantFrom('linux' as const, 'windows' as const);
const anyName = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.string({
    unit: fc.constantFrom('a', 'Z', '0', '9', '-', '.', ' ', '_', '/', 'ä', 'ß', '数'),
    maxLength: 80,
  }),
);

describe('the host name of a server', () => {
  test('is always one that can be asked for', () => {
    fc.assert(
      fc.property(anyName, anyOs, (name, os) => {
        const made = hostNameOf(name, os);
        expect(readHostName(made, os)).toEqual({ kind: 'told', value: made });
        expect(hostNameOf(name, os)).toBe(made);
        expect(hostNameOf(made, os)).toBe(made);
      }),
    );
  });

  test('is the name itself where that is one', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9]{0,12}$/), anyOs, (name, os) => {
        expect(hostNameOf(name, os)).toBe(name);
      }),
    );
  });

  test('leaves out what no host name has', () => {
    expect(hostNameOf('Web Server (old)')).toBe('web-server-old');
    expect(hostNameOf('büro_1')).toBe('buro-1');
    expect(hostNameOf('web1.corp.example.com')).toBe('web1');
    expect(hostNameOf('app-v1.2')).toBe('app-v1-2');
    expect(hostNameOf('4711')).toBe('server-4711');
  });

  test('tells servers apart whose names say nothing, or have to be cut', () => {
    expect(hostNameOf('数据库')).toMatch(/^server-[0-9a-f]{8}$/);
    expect(hostNameOf('数据库')).not.toBe(hostNameOf('网站'));
    const names = [1, 2, 3].map((number) => hostNameOf(`frontend-production-${number}`, 'windows'));
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^frontend-p-[0-9a-f]{4}$/);
    expect(hostNameOf('a'.repeat(80))).toHaveLength(63);
  });

  test('that somebody wishes is refused where it is none', () => {
    expect(toldBy(readHostName('Web-1', 'linux'))).toBe('web-1');
    for (const text of ['', '-web', 'web-', 'web_1', 'web1.example.com', 'ünï', 'web\n', 'a b'])
      expect([text, codeOf(readHostName(text, 'linux'))]).toEqual([text, 'host_name_characters']);
    expect(codeOf(readHostName('a'.repeat(64), 'linux'))).toBe('host_name_too_long');
    expect(codeOf(readHostName('a'.repeat(63), 'linux'))).toBe('told');
    expect(codeOf(readHostName('a'.repeat(16), 'windows'))).toBe('host_name_too_long');
    expect(codeOf(readHostName('4711', 'linux'))).toBe('host_name_all_digits');
  });
});

test('vCenter names Windows guests as such', () => {
  for (const id of ['windows2019srv_64Guest', 'windows9_64Guest', 'winNetStandard64Guest', 'win98Guest'])
    expect(osOf(id)).toBe('windows');
  for (const id of ['ubuntu64Guest', 'debian12_64Guest', 'otherLinux64Guest']) expect(osOf(id)).toBe('linux');
});

describe('a password', () => {
  test('is whatever can be typed into one line', () => {
    for (const text of ['x', 'ünï 码 "\'`$\\', ' a '])
      expect(readPassword(text, 'linux')).toEqual({ kind: 'told', value: text });
    for (const text of ['', 'a\nb', 'a\r', 'a\tb', '\0', 'a\u007f', '\u0085', '\u2028', '\ud800'])
      expect(codeOf(readPassword(text, 'windows'))).toBe('password_characters');
    expect(codeOf(readPassword('a'.repeat(128), 'windows'))).toBe('password_too_long');
    expect(codeOf(readPassword('a'.repeat(128), 'linux'))).toBe('told');
  });
});

const KEYS = {
  ed25519: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHbIHFAJ8sH9hvbQ5yGGDMGIMwHMBZfx4aj9oZrLrWva me@example',
  rsa: 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC3UV0aQ5j6hjmgAnfV9cpPysU/QrItsVSjvqEZX/xjdfhsnqIqK9RF6E8aCVNG6G9iwVWSiZRLlrR0+p18M7NDkIi/7ALUOpCp1QXhSOaMhVXVikdsL8wtyUyCxmVCOEdn7j7bgZQgGH9xF5B7Op5y+txAPiawYE4QStAPagzWlwqWnJehDI4rJ1h9ZXsAYOIaVhZ7cl2sNEITxzoT1C8sZ4Tm1fn8PY1gL64dbvpYGdZoNZADKWLNFului1Qe1IAiJfsO3QnWNA6B4Q2XuQJIuVRJJMPfy9AOwSdcK0aGvalqqnJ5ZDCZzyrgUH6G50wpPNYRA9dUNrzst90JAibb me@example',
  p256: 'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBOb+Ea4xy92et9hkNDAiM7sp0C/C1jsCrx5WHCZmwXfoiaJ1wV1apWRshYHDohm1u4BtasoydkvynzyjkXom6X8= me@example',
  p521: 'ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBACxAVLMSLjoe8DMfIK17GLi6Id7DcSHxkLvdQx9fKRte7hzq0qmNLrAg3sFDpByLuoQCUg8NOcm1FrBQ/siArb3LgCJf3h4dPLGv4B86dVrhbRkdK0OlWnSUBA/Q6NMNHIwpQgO2G2LYhkJBEVHIUfi9GMmzBakzqMuXFv3Dqb+4EpuAA== me@example',
};

describe('an SSH key', () => {
  test('is one line with a type, the key and a comment', () => {
    for (const line of Object.values(KEYS)) {
      const [type = '', base64 = '', comment = ''] = line.split(' ');
      expect(toldBy(readSshKey(`  ${line}\n`))).toEqual({ type, base64, comment, line });
      expect(toldBy(readSshKey(`${type}\t${base64}`)).line).toBe(`${type} ${base64}`);
    }
  });

  test('that is private, has options, is weak, or is none, is refused', () => {
    const refused: readonly (readonly [string, string])[] = [
      [
        '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAA\n-----END OPENSSH PRIVATE KEY-----',
        'ssh_key_private',
      ],
      ['-----BEGIN RSA PRIVATE KEY-----', 'ssh_key_private'],
      ['PuTTY-User-Key-File-3: ssh-ed25519', 'ssh_key_private'],
      [`${KEYS.ed25519}\n${KEYS.rsa}`, 'ssh_key_several'],
      [`command="/bin/true",no-pty ${KEYS.ed25519}`, 'ssh_key_options'],
      [`from="10.0.0.0/8" ${KEYS.rsa}`, 'ssh_key_options'],
      ['ssh-dss AAAAB3NzaC1kc3MAAACBAO me', 'ssh_key_type'],
      ['---- BEGIN SSH2 PUBLIC KEY ----', 'ssh_key_type'],
      ['', 'ssh_key_type'],
      ['ssh-ed25519', 'ssh_key_malformed'],
      ['ssh-ed25519 notbase64! me', 'ssh_key_malformed'],
      [KEYS.ed25519.replace('ssh-ed25519', 'ssh-rsa'), 'ssh_key_malformed'],
      [KEYS.p256.replace('nistp256', 'nistp384'), 'ssh_key_malformed'],
      [`${KEYS.ed25519}\u0007`, 'ssh_key_malformed'],
      [
        'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAYQDV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dU= me',
        'ssh_key_weak',
      ],
    ];
    for (const [text, code] of refused) expect([text, codeOf(readSshKey(text))]).toEqual([text, code]);
  });

  test('that was cut short is refused, wherever it was', () => {
    const [type = '', base64 = ''] = KEYS.rsa.split(' ');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: base64.length - 1 }), (length) => {
        expect(readSshKey(`${type} ${base64.slice(0, length)}`).kind).toBe('refused');
      }),
    );
  });
});

describe('user data', () => {
  test('is a script, a cloud-config or a multi-part message', () => {
    expect(toldBy(readUserData('#!/bin/sh\n')).kind).toBe('script');
    expect(toldBy(readUserData('\ufeff\n#!/bin/sh\n')).text).toBe('#!/bin/sh\n');
    expect(toldBy(readUserData('#cloud-config\npackages: []\n')).kind).toBe('cloud_config');
    expect(toldBy(readUserData('#cloud-config  \r\n{}')).kind).toBe('cloud_config');
    const message =
      'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n#!/bin/sh\n--b--\n';
    expect(toldBy(readUserData(message))).toEqual({ kind: 'multipart', text: message });
  });

  test('of any other kind is refused', () => {
    for (const text of [
      '',
      'echo hi',
      '#cloud-config-archive\n',
      '#include\nhttp://x\n',
      '#cloud-boothook\n',
      '{}',
    ])
      expect([text, codeOf(readUserData(text))]).toEqual([text, 'user_data_kind']);
    const messages = [
      'MIME-Version: 1.0\nContent-Type: text/x-shellscript\n\n#!/bin/sh\n',
      'MIME-Version: 1.0\nContent-Type: multipart/mixed\n\n--b\n\n#!/bin/sh\n--b--\n',
      'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="c"\n\n--b\n\n#!/bin/sh\n--b--\n',
      'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\n#!/bin/sh\n--b--\n',
    ];
    for (const text of messages)
      expect([text, codeOf(readUserData(text))]).toEqual([text, 'user_data_multipart']);
    expect(codeOf(readUserData('#!/bin/sh\n\0'))).toBe('user_data_characters');
    expect(codeOf(readUserData('#!/bin/sh\n\ud800'))).toBe('user_data_characters');
  });

  test('counts as it is sent: what packs well may be long', () => {
    expect(codeOf(readUserData(`#!/bin/sh\n${'# the same line again\n'.repeat(10_000)}`))).toBe('told');
    const noise = Array.from({ length: 9000 }, (_, index) => (index * 2_654_435_761).toString(36)).join('\n');
    const text = `#!/bin/sh\n${noise}`;
    expect(readUserData(text)).toEqual({
      kind: 'refused',
      refusals: [
        { code: 'user_data_too_large', params: { bytes: packed(text).length, max: GUESTINFO_AT_MOST } },
      ],
    });
  });

  test('never breaks the reader', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(
          fc.constantFrom(
            '#!',
            '#cloud-config',
            'MIME-Version: 1.0',
            'Content-Type: multipart/x; boundary=b',
            '--b',
            '\n',
            '\r\n',
            ' ',
            'From ',
          ),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        const told = readUserData(text);
        if (told.kind === 'told') expect(text).toContain(told.value.text);
      }),
    );
  });
});
