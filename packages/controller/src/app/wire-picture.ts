import type { Ref, WirePicture } from '@wirebook/contract';
import {
  countSwitchPorts,
  drawHosts,
  type DrawnHost,
  leavingBy,
  type Neighbour,
} from '../domain/wire-picture.ts';
import type { Queries } from '../store/database.ts';
import { findNicsOnWire, findWirePicture, type NicOnWire } from '../store/wire-picture.ts';
import { resolveName } from './names.ts';
import { Problem } from './problem.ts';

/** A wire's picture before it is put into words. */
export interface DrawnWire {
  readonly wire: WirePicture['wire'];
  readonly networks: WirePicture['networks'];
  readonly hosts: readonly DrawnHost[];
  readonly summary: WirePicture['summary'];
  /** Of the server asked for. */
  readonly path: readonly DrawnPath[] | undefined;
}

export interface DrawnPath extends NicOnWire {
  readonly host: Ref | null;
  readonly uplinks: string[];
  readonly neighbours: Neighbour[];
}

/** One wire from IP subnet to physical switch port; with `server`, also the way that its traffic takes. */
export async function drawWire(
  db: Queries,
  nameOrId: string,
  options: { server: string | undefined },
): Promise<DrawnWire> {
  const { id } = await resolveName(db, 'wire', nameOrId);
  const server = options.server === undefined ? undefined : await resolveName(db, 'server', options.server);
  const facts = await findWirePicture(db, id);
  if (facts === undefined) throw new Problem('not_found', { kind: 'wire', name: nameOrId, command: 'wire' });
  const hosts = drawHosts(facts.wire.vlan, facts.hosts);
  return {
    wire: facts.wire,
    networks: facts.networks,
    hosts,
    summary: {
      hosts: hosts.length,
      servers: facts.servers,
      physicalSwitches: countSwitchPorts(hosts),
    },
    path:
      server === undefined
        ? undefined
        : (await findNicsOnWire(db, { serverId: server.id, wireId: id })).map((nic) => pathOf(nic, hosts)),
  };
}

function pathOf(nic: NicOnWire, hosts: readonly DrawnHost[]): DrawnPath {
  const host = hosts.find(({ facts }) => facts.id === nic.host?.id);
  const uplinks = leavingBy(host?.uplinks ?? []);
  return {
    ...nic,
    uplinks: uplinks.map((uplink) => uplink.name),
    neighbours: uplinks.flatMap((uplink) => uplink.neighbour ?? []),
  };
}
