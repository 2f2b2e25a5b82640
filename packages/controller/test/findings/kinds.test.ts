import type { Finding, FindingKind, List } from '@wirebook/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hold, reserve } from '../support/address-facts.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine, type MachineSketch } from '../support/lab-estate.ts';

/** Where a finding begins and where it ends: what is no finding though it looks like one. */

type Sketch = Omit<MachineSketch, 'host' | 'number'>;
/** A machine on one wire, whose guest says how it came to its addresses. */
function configured(
  name: string,
  group: string,
  addresses: [text: string, origin?: 'manual' | 'dhcp'][],
  more = {},
): Sketch {
  return {
    name,
    nics: [
      {
        network: { distributed: group },
        addresses: addresses.map(([text, origin]) => {
          const [ip = '', length] = text.split('/');
          return { ip, prefixLength: Number(length), ...(origin !== undefined && { origin }) };
        }),
      },
    ],
    ...more,
  };
}

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      // web: a router that is the gateway itself, and guests with secondary addresses and several gateways.
      machine('router', [['web', '10.1.0.1/24']], { gateway: '10.1.0.250' }),
      machine('cluster', [['web', '10.1.0.11/24', '10.1.0.12/32', '2001:db8:1::12/128']], {
        gateway: '10.1.0.1',
      }),
      machine('other-gateway', [['web', '10.1.0.13/24']], { gateway: '10.1.0.254' }),
      machine('elsewhere', [['web', '10.1.0.14/24']], { gateway: '192.0.2.1' }),
      machine('half', [['web', '10.1.0.15/24', '169.254.1.1/16']], { gateway: '10.1.0.1' }),
      machine('wide-v6', [['web', '10.1.0.16/24', '2001:db8:1::16/56']], { gateway: '10.1.0.1' }),
      // db: most are configured by hand.
      configured('db-1', 'db', [['10.2.0.11/24', 'manual']], { gateway: '10.2.0.1' }),
      configured('db-2', 'db', [['10.2.0.12/24', 'manual']], { gateway: '10.2.0.1' }),
      configured('db-leased', 'db', [['10.2.0.13/24', 'dhcp']], { gateway: '10.2.0.1' }),
      // spare: most have leases.
      configured('desk-1', 'spare', [['10.3.0.11/24', 'dhcp']], { gateway: '10.3.0.1' }),
      configured('desk-2', 'spare', [['10.3.0.12/24', 'dhcp']], { gateway: '10.3.0.2' }),
      configured('desk-server', 'spare', [['10.3.0.13/24', 'manual']]),
      configured('unplugged', 'spare', [['169.254.9.9/16']]),
    ]),
  );
  await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24', gateway: '10.1.0.1' });
  await lab.createNetwork({ name: 'web6', wire: 'web', cidr: '2001:db8:1::/64' });
  await lab.createNetwork({ name: 'db', wire: 'db', cidr: '10.2.0.0/24' });
  await lab.createNetwork({ name: 'spare', wire: 'spare', cidr: '10.3.0.0/24' });
});
afterAll(() => lab[Symbol.asyncDispose]());

async function find(kind: FindingKind): Promise<Finding[]> {
  return (await lab.controller.call<List<Finding>>('GET', `/api/v1/findings?limit=500&kind=${kind}`)).body
    .items;
}
const tell = ({ server, network, ip, found }: Finding): string =>
  `${server?.name ?? network?.name} ${ip} ${found}`;

test('masks are compared in both families; /32 and /128 are those of secondary addresses', async () => {
  expect((await find('guest_mask')).map(tell)).toEqual(['wide-v6 2001:db8:1::16 /56']);
});

test('a gateway outside the network is no matter of the network, and the gateway itself goes another way', async () => {
  expect((await find('guest_gateway')).map(tell)).toEqual(['other-gateway 10.1.0.13 10.1.0.254']);
});

test('a 169.254 address beside another is none', async () => {
  expect((await find('link_local_address')).map(tell)).toEqual(['unplugged 169.254.9.9 169.254.9.9']);
});

test('a card that is not connected waits for no DHCP server', async () => {
  await lab.sql(
    `UPDATE nics SET connected = false WHERE server_id = (SELECT id FROM servers WHERE name = 'unplugged')`,
  );
  expect(await find('link_local_address')).toEqual([]);
  await lab.sql('UPDATE nics SET connected = true');
});

test('a network whose guests agree on a gateway is told that it has none; where they differ nothing is said', async () => {
  const found = await find('gateway_unset');
  expect(found.map(tell)).toEqual(['db 10.2.0.1 10.2.0.1']);
  expect(found[0]).toMatchObject({ wire: { name: 'db' }, server: null });
  expect(found[0]?.text).toContain('all 3 guests');
  const id = (await lab.network('db')).id;
  expect(found[0]?.remedy).toContain(`wirebook network update ${id} --gateway 10.2.0.1`);
  await lab.controller.call('PATCH', '/api/v1/networks/db', { gateway: '10.2.0.1' });
  expect(await find('gateway_unset')).toEqual([]);
});

describe('addresses by DHCP', () => {
  test('are out of place among guests that are configured by hand, and not where most have leases', async () => {
    const found = await find('unexpected_dhcp');
    expect(found.map(tell)).toEqual(['db-leased 10.2.0.13 dhcp']);
    expect(found[0]?.text).toContain('no DHCP range');
    expect(found[0]?.remedy).toMatch(/wirebook reservation add \S+ 10\.2\.0\.13 --dhcp/);
  });

  test('are out of place outside the ranges of a network that has some, and in place inside', async () => {
    await reserve(lab, 'spare', { start: '10.3.0.11', end: '10.3.0.11', kind: 'dhcp' });
    const found = (await find('unexpected_dhcp')).filter((one) => one.network?.name === 'spare');
    expect(found.map(tell)).toEqual(['desk-2 10.3.0.12 dhcp']);
    expect(found[0]?.text).toContain('10.3.0.11-10.3.0.11');
  });

  test('are in place once the remedy is followed; what is kept back for others is no DHCP range', async () => {
    await reserve(lab, 'db', { start: '10.2.0.13', end: '10.2.0.13' });
    expect((await find('unexpected_dhcp')).map(tell)).toContain('db-leased 10.2.0.13 dhcp');
    await lab.sql(`UPDATE reservations SET kind = 'dhcp'`);
    expect((await find('unexpected_dhcp')).map(tell)).not.toContain('db-leased 10.2.0.13 dhcp');
    await lab.sql(
      `UPDATE reservations SET expires_at = now() - interval '1 hour' WHERE lower(span) = '10.2.0.13'`,
    );
    expect((await find('unexpected_dhcp')).map(tell)).toContain('db-leased 10.2.0.13 dhcp');
  });
});

describe('a record that the guest contradicts', () => {
  test('is told as long as they disagree, and ends with the command that the remedy names', async () => {
    const fixed = await lab.controller.call('POST', '/api/v1/servers/db-1/fix-nics', {
      nics: [{ mac: (await lab.nics('db-1'))[0]?.mac, ip: '10.2.0.99' }],
    });
    expect(fixed.status, JSON.stringify(fixed.body)).toBe(200);
    const [found] = await find('contradicted_record');
    expect(found).toMatchObject({
      server: { name: 'db-1' },
      network: { name: 'db' },
      ip: '10.2.0.99',
      expected: '10.2.0.99',
      found: '10.2.0.11',
    });
    expect(found?.text).toContain('fixed by hand');
    const [, network = ''] = /wirebook network release (\S+) 10\.2\.0\.99/.exec(found?.remedy ?? '') ?? [];
    await lab.controller.call('POST', `/api/v1/networks/${network}/release`, { ips: ['10.2.0.99'] });
    expect(await find('contradicted_record')).toEqual([]);
    expect(await lab.records('db-1')).toEqual(['10.2.0.11']);
  });
});

test('an address that a guest finds taken names who has it, be it a printer, or that nobody shows it', async () => {
  await lab.sql(`UPDATE sightings SET state = 'duplicate' WHERE ip = '10.1.0.14'`);
  const [unseen] = await find('duplicate_address');
  expect(unseen).toMatchObject({ server: { name: 'elsewhere' }, network: { name: 'web' }, found: null });
  expect(unseen?.text).toContain('no account shows');
  await lab.sql(
    `UPDATE claims SET ended_at = now(), end_reason = 'test' WHERE ip = '10.1.0.14' AND ended_at IS NULL`,
  );
  await hold(lab, 'web', {
    ip: '10.1.0.14',
    source: 'manual',
    holder: { name: 'printer', owner: null, mac: null, note: '' },
  });
  expect((await find('duplicate_address'))[0]?.found).toBe('printer');
});
