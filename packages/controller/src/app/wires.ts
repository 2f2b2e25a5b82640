import type { List, Wire, wireQuery } from '@wirebook/contract';
import { sql } from 'kysely';
import type { z } from 'zod';
import { violatedConstraint } from '../store/constraints.ts';
import type { Database, Queries } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import { keepKnownAddresses } from '../store/known-addresses.ts';
import { lockAccount, lockSpaces } from '../store/locks.ts';
import { findServersAround } from '../store/matching.ts';
import { findTouchedNetworks } from '../store/wire-detection.ts';
import {
  findWireFacts,
  findNetworksOnWire,
  listWires as listWireRows,
  moveWiresToSpace,
} from '../store/wires.ts';
import type { Actor } from './actor.ts';
import { rangeOf } from './matching.ts';
import { resolveName, resolveOptional } from './names.ts';
import { Problem } from './problem.ts';
import { settle } from './settlement.ts';
import { inTransaction } from './transaction.ts';

export async function listWires(db: Queries, query: z.output<typeof wireQuery>): Promise<List<Wire>> {
  const { account, space, virtualSwitch, host, ...rest } = query;
  return listWireRows(db, {
    ...rest,
    accountId: await resolveOptional(db, 'cloud_account', account),
    spaceId: await resolveOptional(db, 'address_space', space),
    switchId: await resolveOptional(db, 'virtual_switch', virtualSwitch),
    hostId: await resolveOptional(db, 'host', host),
  });
}

export async function showWire(db: Queries, nameOrId: string): Promise<Wire> {
  const { id } = await resolveName(db, 'wire', nameOrId);
  const [wire] = (await listWireRows(db, { ids: [id], limit: 1 })).items;
  if (wire === undefined) throw new Problem('not_found', { kind: 'wire', name: id, command: 'wire' });
  return wire;
}

/**
 * Puts a wire into another address space. Networks whose primary wire it is go along, with their addresses; being an additional wire of
 * a network that stays, having one that stays, or a network there with the same range, stands in the way.
 */
export async function moveWire(
  db: Database,
  nameOrId: string,
  spaceName: string,
  options: { actor: Actor },
): Promise<Wire> {
  const { id } = await resolveName(db, 'wire', nameOrId);
  const space = await resolveName(db, 'address_space', spaceName);
  const [known] = await findWireFacts(db, [id]);
  if (known === undefined) throw new Problem('not_found', { kind: 'wire', name: nameOrId, command: 'wire' });
  try {
    await inTransaction(db, { dryRun: false }, async (tx) => {
      await lockAccount(tx, known.accountId);
      await lockSpaces(tx, [known.spaceId, space.id]);
      const [wire] = await findWireFacts(tx, [id]);
      if (wire === undefined || wire.spaceId !== known.spaceId) throw new Problem('request_in_progress');
      if (wire.spaceId === space.id) return;
      const networks = await findNetworksOnWire(tx, id);
      const own = networks.filter((network) => network.origin === 'primary');
      const others = networks.filter((network) => ['declared', 'detected'].includes(network.origin));
      const shared = await findOtherWires(
        tx,
        own.map((network) => network.id),
        id,
      );
      if (others.length > 0 || shared.length > 0) {
        throw new Problem(
          'in_use',
          { name: wire.name },
          {
            objects: [
              ...others.map((network) => ({ kind: 'network', id: network.id, name: network.name })),
              ...shared.map((other) => ({ kind: 'wire', ...other })),
            ],
          },
        );
      }
      await sql`SELECT 1 FROM networks WHERE id = ANY(${own.map((network) => network.id)}::uuid[]) ORDER BY id FOR UPDATE`.execute(
        tx,
      );
      // Whoever reports an address of these networks, in the old space or in the new one, hears another reason.
      const around = {
        ranges: own.map((network) => rangeOf(network.cidr)),
        networkIds: own.map((network) => network.id),
      };
      const before = await findServersAround(tx, { spaceId: wire.spaceId, ...around });
      const onWire = await moveWiresToSpace(tx, {
        wireIds: [id],
        spaceId: space.id,
        networkIds: own.map((network) => network.id),
      });
      const after = await findServersAround(tx, { spaceId: space.id, ...around });
      // The gateways and DNS servers of its guests go along.
      await keepKnownAddresses(tx, wire.accountId);
      const now = new Date();
      const serverIds = [...new Set([...onWire, ...before, ...after])];
      const touched = await findTouchedNetworks(tx, { serverIds: onWire, accountId: null, now });
      await settle(tx, {
        networkIds: [...new Set([...networks.map((network) => network.id), ...touched])],
        serverIds,
        run: null,
        now,
      });
      await recordEvent(tx, {
        actor: options.actor.name,
        action: 'update',
        kind: 'wire',
        id,
        name: wire.name,
        before: { space: wire.spaceName },
        after: { space: space.name },
      });
    });
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (
      constraint === 'networks_no_overlap' ||
      constraint === 'networks_name_unique' ||
      constraint === 'claims_one_holder'
    ) {
      const networks = await findNetworksOnWire(db, id);
      throw new Problem(
        'in_use',
        { name: known.name },
        { objects: networks.map((network) => ({ kind: 'network', id: network.id, name: network.name })) },
      );
    }
    throw error;
  }
  return showWire(db, id);
}

async function findOtherWires(
  db: Queries,
  networkIds: readonly string[],
  wireId: string,
): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    SELECT DISTINCT w.id, w.name FROM network_wires nw JOIN wires w ON w.id = nw.wire_id
    WHERE nw.origin IN ('declared', 'detected') AND nw.network_id = ANY(${[...networkIds]}::uuid[]) AND nw.wire_id <> ${wireId}`.execute(
    db,
  );
  return rows;
}
