import type { DeclaredNic } from '@wirebook/contract';
import { findNicsAsked, type NicSeen } from '../../store/declarations/claims.ts';
import { readDeclaredMac } from './input.ts';
import type { DeclarationImport, Places } from './work.ts';
import { quoted } from '../problem.ts';

type Row = Awaited<ReturnType<typeof findNicsAsked>>[number];

/** A NIC that a document names, and where. */
interface Named {
  readonly field: string;
  readonly nic: DeclaredNic;
}

/**
 * The NICs that are meant, in the order of the asking; null for each that is not here, the complaint made. A server is found by its UUID,
 * or else by its managed object id and name, or else by its name where it has that MAC.
 */
export async function findDeclaredNics(
  work: DeclarationImport,
  places: Places,
  named: readonly Named[],
): Promise<(NicSeen | null)[]> {
  const { tx, report } = work;
  const asked = named.flatMap(({ field, nic }, nr) => {
    const account = places.account(nic.account);
    if (account === undefined) places.lackAccount(`${field}.account`, nic.account);
    const mac = readDeclaredMac(report, `${field}.mac`, nic.mac);
    if (mac === null && (nic.mac ?? '') === '' && nic.deviceKey == null)
      report.complain({ field: `${field}.mac`, value: null, code: 'required' });
    if (account === undefined) return [];
    const { server = null, moref = null, name = null } = nic;
    // As it is kept here, however it was written.
    return [{ nr, accountId: account.id, server: server?.toLowerCase() ?? null, moref, name, mac }];
  });
  const rows = Map.groupBy(await findNicsAsked(tx, asked), (row) => row.nr);
  const macs = new Map(asked.map(({ nr, mac }) => [nr, mac]));
  return named.map(({ field, nic }, nr) => {
    const mac = macs.get(nr);
    return mac === undefined ? null : pick(work, rows.get(nr) ?? [], { field, nic, mac, places });
  });
}

function pick(
  work: DeclarationImport,
  rows: readonly Row[],
  asked: Named & { mac: string | null; places: Places },
): NicSeen | null {
  const { report } = work;
  const { field, nic, mac } = asked;
  const servers = serversMeant(rows, mac);
  const [server] = servers;
  const called = nic.name ?? nic.server ?? nic.moref ?? '-';
  const account = asked.places.account(nic.account)?.name ?? '-';
  if (server === undefined || servers.length > 1) {
    report.lack(
      {
        field,
        value: called,
        code: server === undefined ? 'declared_no_server' : 'declared_server_ambiguous',
        params: { server: called, account, accountQuoted: quoted(account), count: servers.length },
      },
      `server ${nic.account} ${nic.server ?? ''} ${nic.moref ?? ''} ${nic.name ?? ''}`,
    );
    return null;
  }
  const cards = server.flatMap((row) => (row.nicId === null ? [] : [{ ...row, nicId: row.nicId }]));
  const ofMac = mac === null ? cards : cards.filter((card) => card.mac === mac);
  // Cards of one MAC, and those without any, are told apart by their device key.
  const fitting =
    mac !== null && ofMac.length === 1 ? ofMac : ofMac.filter((card) => card.deviceKey === nic.deviceKey);
  const [card] = fitting;
  if (card !== undefined && fitting.length === 1) return card;
  const { serverId, serverName } = server[0] ?? { serverId: '-', serverName: called };
  report.lack(
    {
      field: `${field}.mac`,
      value: mac,
      code: 'declared_no_nic',
      params: {
        server: serverName,
        serverQuoted: serverId,
        macs: cards.map((one) => one.mac ?? '-').join(', ') || '-',
      },
    },
    `nic ${serverId} ${mac ?? ''} ${nic.deviceKey ?? ''}`,
  );
  return null;
}

/** The rows of each server that may be meant, by the surest that is known of it. */
function serversMeant(rows: readonly Row[], mac: string | null): Row[][] {
  for (const certainty of [1, 2, 3] as const) {
    const servers = [
      ...Map.groupBy(
        rows.filter((row) => row.certainty === certainty),
        (row) => row.serverId,
      ).values(),
    ];
    const withMac = servers.filter((own) => mac !== null && own.some((row) => row.mac === mac));
    if (certainty === 3) return withMac;
    if (servers.length > 0) return servers.length > 1 && withMac.length > 0 ? withMac : servers;
  }
  return [];
}
