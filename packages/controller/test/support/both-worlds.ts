import type { ListedVm } from '@wirebook/simulator';
import { expect } from 'vitest';
import { MARKER } from '../../src/operations/machines.ts';
import type { EstateController } from './estate-controller.ts';

interface OperationRow {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly name: string | null;
  readonly sealed: boolean;
  /** The codes of what it says is left. */
  readonly remains: readonly string[];
  readonly vm: string | null;
}
interface ClaimRow {
  readonly operation: string;
  readonly ip: string;
  readonly live: boolean;
  /** Why it ended. */
  readonly reason: string | null;
  /** Of the server that has it now; null where none has. */
  readonly moref: string | null;
  readonly mac: string | null;
}
interface ServerRow {
  readonly moref: string;
  readonly name: string;
  readonly missing: boolean;
}
interface NicRow {
  readonly moref: string;
  readonly deviceKey: number;
  readonly mac: string | null;
  readonly ips: string[];
}

/** What somebody may do with an address of a server that was made. */
const LATER = ['released', 'address_changed', 'nic_detached', 'server_deleted'];

/**
 * Holds the book against vCenter once operations have ended: no address is kept for a virtual machine that isn't there, no virtual machine of
 * ours lacks its addresses or its place in the book, nothing is there twice, nothing is sealed that nobody needs any more, and what an
 * operation that failed says it left is all that it left.
 */
export async function expectBothWorldsAgree(
  book: Pick<EstateController, 'sql' | 'simulator'>,
): Promise<void> {
  const vms = await book.simulator.listVms();
  const operations = await book.sql<OperationRow>(
    `SELECT id, kind, state, server_name AS name, sealed IS NOT NULL AS sealed, jsonb_path_query_array(remains, '$[*].code') AS remains,
       facts ->> 'vm' AS vm FROM operations WHERE kind <> 'create_servers'`,
  );
  const claims = await book.sql<ClaimRow>(
    `SELECT a.operation_id AS operation, host(a.ip) AS ip, c.ended_at IS NULL AS live, c.end_reason AS reason, s.moref, c.mac::text AS mac
     FROM operation_addresses a JOIN claims c ON c.id = a.claim_id LEFT JOIN servers s ON s.id = c.server_id`,
  );
  const servers = await book.sql<ServerRow>(
    `SELECT moref, name, missing_since IS NOT NULL AS missing FROM servers`,
  );
  const nics = await book.sql<NicRow>(
    `SELECT s.moref, n.device_key AS "deviceKey", n.mac::text AS mac,
       (SELECT coalesce(json_agg(host(c.ip)), '[]') FROM claims c WHERE c.nic_id = n.id AND c.ended_at IS NULL) AS ips
     FROM nics n JOIN servers s ON s.id = n.server_id WHERE n.missing_since IS NULL AND s.missing_since IS NULL`,
  );
  const wrong: string[] = [];
  const byMoref = new Map(vms.map((vm) => [vm.ref.value, vm]));

  for (const operation of operations) {
    const { id, state, name } = operation;
    const called = `${operation.kind} of ${name} (${state})`;
    const ended = state !== 'queued' && state !== 'running';
    if (!ended) wrong.push(`${called} goes on`);
    const kept = state === 'failed' && operation.remains.length > 0;
    if (operation.sealed && ended && !kept) wrong.push(`${called} keeps what was sealed`);
    const own = claims.filter((claim) => claim.operation === id);
    const live = own.filter((claim) => claim.live);
    const marked = vms.filter((vm) => vm.extraConfig[MARKER] === id);
    if (marked.length > 1) wrong.push(`${called} made ${marked.length} virtual machines`);
    if (operation.kind === 'create_server') {
      if (state === 'undone' || state === 'cancelled') {
        if (marked.length > 0) wrong.push(`${called} left its virtual machine`);
        if (live.length > 0) wrong.push(`${called} keeps ${live.map(({ ip }) => ip).join()}`);
        // What was made, and recorded, is gone from the book as well.
        if (servers.some((one) => one.moref === operation.vm && !one.missing))
          wrong.push(`${called} left its server in the book`);
      }
      if (state === 'succeeded')
        for (const claim of own)
          if (!claim.live && !LATER.includes(claim.reason ?? ''))
            wrong.push(`${called} lacks ${claim.ip} (${claim.reason})`);
      if (kept && marked.length > 0 && !operation.remains.includes('server_left'))
        wrong.push(`${called} does not say that its virtual machine is left`);
      if (kept && live.length > 0 && !operation.remains.includes('server_left'))
        wrong.push(`${called} keeps addresses for nothing`);
      if (kept && live.length > 0 && !operation.remains.includes('addresses_left'))
        wrong.push(`${called} does not say that its addresses are left`);
      const [made] = marked;
      if (made !== undefined)
        for (const { ip, moref } of live)
          if (moref !== null && moref !== made.ref.value) wrong.push(`${ip} of ${called} is elsewhere`);
    }
    for (const { ip, moref, mac } of live) {
      if (kept && moref === null) continue;
      const vm = moref === null ? undefined : byMoref.get(moref);
      if (vm === undefined) wrong.push(`${ip} of ${called} is kept for no virtual machine`);
      else if (!vm.nics.some((nic) => nic.mac === mac)) wrong.push(`${ip} of ${called} is at no NIC`);
    }
  }

  const ids = new Map(operations.map((operation) => [operation.id, operation]));
  for (const vm of vms) {
    const marker = vm.extraConfig[MARKER];
    if (marker === undefined) continue;
    const operation = ids.get(marker);
    if (operation === undefined) wrong.push(`${vm.name} is of no operation that we know`);
    if (operation?.state === 'succeeded') wrong.push(...strangeness(vm, servers, nics));
  }

  const twice = await book.sql<{ ip: string }>(
    `SELECT host(ip) AS ip FROM claims WHERE ended_at IS NULL AND NOT shared GROUP BY space_id, ip HAVING count(*) > 1`,
  );
  wrong.push(...twice.map(({ ip }) => `${ip} is claimed twice`));
  const reports = vms.map((vm) => (vm.toolsRun ? vm.nics.flatMap((nic) => nic.addresses) : []));
  for (const [index, vm] of vms.entries()) {
    if (vm.extraConfig[MARKER] === undefined) continue;
    const others = new Set(reports.toSpliced(index, 1).flat());
    for (const ip of reports[index] ?? [])
      if (others.has(ip)) wrong.push(`${ip} of ${vm.name} is another's too`);
  }
  for (const { moref, name, missing } of servers)
    if (!missing && !byMoref.has(moref)) wrong.push(`${name} (${moref}) is only in the book`);
  expect(wrong).toEqual([]);
}

/** In what a virtual machine that an operation has made and the book differ. */
function strangeness(vm: ListedVm, servers: readonly ServerRow[], nics: readonly NicRow[]): string[] {
  const moref = vm.ref.value;
  if (!servers.some((server) => server.moref === moref && !server.missing))
    return [`${vm.name} is not in the book`];
  const known = nics.filter((nic) => nic.moref === moref);
  const wrong =
    known.length === vm.nics.length
      ? []
      : [`${vm.name} has ${vm.nics.length} NICs, in the book ${known.length}`];
  for (const card of vm.nics) {
    const nic = known.find(({ deviceKey }) => deviceKey === card.key);
    if (nic === undefined || nic.mac !== card.mac) wrong.push(`${vm.name} ${card.label} is not in the book`);
  }
  return wrong;
}
