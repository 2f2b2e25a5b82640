import {
  type Conflict,
  declarations,
  type Declarations,
  type GivenAddress,
  type ImportedDeclarations,
  type List,
} from '@wirebook/contract';
import { expect } from 'vitest';
import type { EstateController } from '../support/estate-controller.ts';

export const IMPORT = '/api/v1/imports/declarations';

export const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

async function done<T>(lab: EstateController, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await lab.controller.call<T>(method, `/api/v1${path}`, body);
  expect(answer.status, `${method} ${path} ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer.body;
}

/** Declares on the demo's estate whatever a person can declare, each kind at least once. */
export async function declareEverything(lab: EstateController): Promise<void> {
  await done(lab, 'POST', '/address-spaces', { name: 'branch 分部' });
  await done(lab, 'PATCH', '/wires/restore-test', { space: 'branch 分部' });
  await lab.createNetwork({
    name: 'web',
    wire: 'sh-web-prod',
    start: '10.20.10.1',
    end: '10.20.10.250',
    prefixLength: 24,
    giving: [
      { start: '10.20.10.180', end: '10.20.10.199' },
      { start: '10.20.10.120', end: '10.20.10.139' },
    ],
    gateway: '10.20.10.1',
    dns: ['10.20.1.53', '10.20.1.54'],
    domain: 'sh.example',
    ntp: ['ntp.example', '10.20.1.123'],
    allocationPolicy: 'stepdown',
    restingSeconds: 0,
    description: '=1+1\n"front", 网站; \'quoted\'',
    tags: { owner: '平台', cost: '007' },
  });
  await lab.createNetwork({
    name: 'web6',
    wire: 'sh-web-prod',
    cidr: '2001:db8:20:10::/64',
    gateway: 'fe80::1',
    companion: 'web',
  });
  await lab.createNetwork({
    name: 'app',
    wire: 'sh-app-prod',
    cidr: '10.20.20.0/24',
    gateway: '10.20.20.1',
    giving: [{ start: '10.20.20.150', end: '10.20.20.199' }],
  });
  await lab.createNetwork({ name: 'db', wire: 'sh-db-prod', cidr: '10.20.30.0/24', giving: 'none' });
  // The restored copies have the range once more, in a space of their own.
  await lab.createNetwork({ name: 'web', wire: 'restore-test', cidr: '10.20.10.0/24' });
  const [web] = await lab.sql<{ id: string }>(
    `SELECT n.id FROM networks n JOIN address_spaces s ON s.id = n.space_id WHERE n.name = 'web' AND s.name = 'default'`,
  );
  await done(lab, 'PUT', `/networks/${web?.id}/additional-wires`, { wires: ['sh-web-prod-2'] });
  await lab.sql(
    `INSERT INTO network_wires (space_id, network_id, wire_id, origin)
     SELECT n.space_id, n.id, w.id, 'excluded' FROM networks n, wires w WHERE n.id = $1 AND w.name = 'sh-web/blue'`,
    [web?.id],
  );
  await done(lab, 'POST', '/reservations', {
    network: web?.id,
    start: '10.20.10.240',
    end: '10.20.10.245',
    note: 'for the new firewall',
  });
  await done(lab, 'POST', '/reservations', { network: web?.id, start: '10.20.10.9', expiresAt: inDays(3) });
  await done(lab, 'POST', '/reservations', {
    network: 'app',
    kind: 'dhcp',
    start: '10.20.20.200',
    end: '10.20.20.220',
  });
  await declareAddresses(lab, web?.id ?? '');
  await decide(lab);
}

async function declareAddresses(lab: EstateController, web: string): Promise<void> {
  await done(lab, 'POST', '/imports/addresses', {
    rows: [
      {
        ip: '10.20.10.231',
        name: '打印机',
        owner: 'office',
        mac: '00:50:56:aa:00:0f',
        note: '2nd floor\nleft',
      },
      { ip: '10.20.10.232', note: '+49 30 1' },
    ],
  });
  await done(lab, 'POST', `/networks/${web}/allocate`, { note: 'new front end', expiresAt: inDays(2) });
  await done(lab, 'POST', `/networks/${web}/allocate`, { count: 2 });
  await done(lab, 'PUT', `/networks/${web}/claims/build%2F7`, { name: 'build', mac: '00:50:56:aa:00:10' });
  await done(lab, 'PUT', '/networks/app/claims/known', { ip: '10.20.20.91', note: 'by its key' });
  const [given] = (await done<List<GivenAddress>>(lab, 'POST', '/networks/app/allocate', {})).items;
  // One that is known by its key, one that was given out, one that a person knew.
  await done(lab, 'POST', '/servers/sh-no-address/fix-nics', { ips: [given?.ip] });
  await done(lab, 'POST', '/servers/sh-appliance/fix-nics', { ips: ['10.20.20.91'] });
  await done(lab, 'POST', '/servers/sh-tools-stopped/fix-nics', { ips: ['10.20.20.92'] });
}

/** One conflict each way. */
async function decide(lab: EstateController): Promise<void> {
  const { items } = await done<List<Conflict>>(lab, 'GET', '/conflicts?limit=500');
  const ways = { '10.20.20.50': 'keep', '10.20.20.11': 'give', '10.20.10.100': 'share' } as const;
  for (const [ip, resolution] of Object.entries(ways)) {
    const conflict = items.find((one) => one.ip === ip);
    expect(conflict, `${ip} among ${items.map((one) => one.ip).join(' ')}`).toBeDefined();
    await done(lab, 'POST', `/conflicts/${conflict?.id}/resolve`, { resolution });
  }
}

export async function exportFrom(lab: EstateController): Promise<Declarations> {
  const answer = await lab.controller.call('GET', '/api/v1/declarations');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  return declarations.parse(answer.body);
}

export async function importInto(
  lab: EstateController,
  document: unknown,
  query = '',
): Promise<ImportedDeclarations> {
  const answer = await lab.controller.call<ImportedDeclarations>('POST', `${IMPORT}${query}`, document);
  expect(answer.status, JSON.stringify(answer.body, null, 1)).toBe(200);
  return answer.body;
}

export const without = (document: Declarations): Declarations => ({
  ...document,
  exportedAt: '1970-01-01T00:00:00.000Z',
});

/** Who has what, by names alone, so that two databases can be held against each other. */
export async function tellBook(lab: EstateController): Promise<Record<string, unknown[]>> {
  const statements = {
    claims: `SELECT s.name AS space, host(c.ip) AS ip, n.name AS network, sv.name AS server, c.server_name, c.mac::text, i.mac::text AS nic,
        c.source, c.shared, c.key, c.holder, c.network_name, rfc3339(c.expires_at) AS expires_at, c.contradicted_by
      FROM claims c JOIN address_spaces s ON s.id = c.space_id JOIN networks n ON n.id = c.network_id
      LEFT JOIN servers sv ON sv.id = c.server_id LEFT JOIN nics i ON i.id = c.nic_id
      WHERE c.ended_at IS NULL ORDER BY 1, c.ip, i.mac`,
    reservations: `SELECT s.name AS space, n.name AS network, r.kind, r.span::text, r.note, rfc3339(r.expires_at) AS expires_at
      FROM reservations r JOIN networks n ON n.id = r.network_id JOIN address_spaces s ON s.id = r.space_id ORDER BY 1, r.span`,
    wires: `SELECT s.name AS space, n.name AS network, w.name AS wire, nw.origin FROM network_wires nw
      JOIN networks n ON n.id = nw.network_id JOIN wires w ON w.id = nw.wire_id JOIN address_spaces s ON s.id = nw.space_id
      ORDER BY 1, 2, 3`,
    conflicts: `SELECT host(x.ip) AS ip, x.kind, sv.name AS claimant, x.resolution FROM conflicts x JOIN nics i ON i.id = x.nic_id
      JOIN servers sv ON sv.id = i.server_id WHERE x.ended_at IS NULL ORDER BY x.ip, 3`,
    reasons: `SELECT sv.name, r.code, host(r.ip) AS ip FROM nic_reasons r JOIN nics i ON i.id = r.nic_id
      JOIN servers sv ON sv.id = i.server_id ORDER BY 1, 2, 3`,
    tags: `SELECT name, sync_ips FROM servers WHERE sync_ips IS NOT NULL ORDER BY 1`,
    known: `SELECT s.name AS space, k.kind, host(k.ip) AS ip FROM known_addresses k JOIN address_spaces s ON s.id = k.space_id
      ORDER BY 1, 2, 3`,
    places: `SELECT w.name, w.port_group_id, s.name AS space FROM wires w JOIN address_spaces s ON s.id = w.space_id ORDER BY 1, 2`,
  };
  const told: Record<string, unknown[]> = {};
  for (const [name, statement] of Object.entries(statements)) told[name] = await lab.sql(statement);
  return told;
}

/** Which transaction wrote each row, and how many lines the audit trail has: an import that changes nothing leaves both alone. */
export async function tellWrites(lab: EstateController): Promise<unknown[]> {
  const tables = [
    'address_spaces',
    'cloud_accounts',
    'wires',
    'networks',
    'network_wires',
    'reservations',
    'claims',
  ];
  tables.push(
    'shared_addresses',
    'conflicts',
    'nic_reasons',
    'servers',
    'known_addresses',
    'freed_addresses',
    'events',
  );
  const told: unknown[] = [];
  for (const table of tables)
    told.push(
      await lab.sql(
        `SELECT '${table}' AS name, count(*), md5(coalesce(string_agg(ctid || ' ' || xmin, ',' ORDER BY ctid), '')) FROM ${table}`,
      ),
    );
  return told;
}
