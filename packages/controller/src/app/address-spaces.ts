import type { AddressSpace, addressSpaceQuery, List } from '@wirebook/contract';
import type { z } from 'zod';
import { findUsersOfSpace, listAddressSpaces as listSpaces } from '../store/address-spaces.ts';
import { violatedConstraint } from '../store/constraints.ts';
import type { Database, Queries } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import type { Actor } from './actor.ts';
import { resolveName } from './names.ts';
import { Problem } from './problem.ts';

export async function listAddressSpaces(
  db: Queries,
  query: z.output<typeof addressSpaceQuery>,
): Promise<List<AddressSpace>> {
  return listSpaces(db, query);
}

export async function showAddressSpace(db: Queries, nameOrId: string): Promise<AddressSpace> {
  const { id } = await resolveName(db, 'address_space', nameOrId);
  const [space] = (await listSpaces(db, { ids: [id], limit: 1 })).items;
  if (space === undefined)
    throw new Problem('not_found', { kind: 'address_space', name: id, command: 'space' });
  return space;
}

export async function createAddressSpace(
  db: Database,
  name: string,
  options: { actor: Actor },
): Promise<AddressSpace> {
  const id = await explainName(name, () =>
    db.transaction().execute(async (tx) => {
      const row = await tx
        .insertInto('address_spaces')
        .values({ name })
        .returning('id')
        .executeTakeFirstOrThrow();
      await recordEvent(tx, {
        actor: options.actor.name,
        action: 'create',
        kind: 'address_space',
        id: row.id,
        name,
        after: { name },
      });
      return row.id;
    }),
  );
  return showAddressSpace(db, id);
}

export async function renameAddressSpace(
  db: Database,
  nameOrId: string,
  name: string,
  options: { actor: Actor },
): Promise<AddressSpace> {
  const space = await resolveName(db, 'address_space', nameOrId);
  await explainName(name, () =>
    db.transaction().execute(async (tx) => {
      await tx
        .updateTable('address_spaces')
        .set({ name, updated_at: new Date() })
        .where('id', '=', space.id)
        .execute();
      await recordEvent(tx, {
        actor: options.actor.name,
        action: 'update',
        kind: 'address_space',
        id: space.id,
        name,
        before: { name: space.name },
        after: { name },
      });
    }),
  );
  return showAddressSpace(db, space.id);
}

/** Removes an empty space. `default` stays: new accounts are put there. */
export async function removeAddressSpace(
  db: Database,
  nameOrId: string,
  options: { actor: Actor },
): Promise<void> {
  const space = await resolveName(db, 'address_space', nameOrId);
  const inTheWay = async (): Promise<Problem> =>
    new Problem('in_use', { name: space.name }, { objects: await findUsersOfSpace(db, space.id) });
  if (space.name === 'default' || (await findUsersOfSpace(db, space.id)).length > 0) throw await inTheWay();
  try {
    await db.transaction().execute(async (tx) => {
      await tx.deleteFrom('address_spaces').where('id', '=', space.id).execute();
      await recordEvent(tx, {
        actor: options.actor.name,
        action: 'delete',
        kind: 'address_space',
        id: space.id,
        name: space.name,
        before: { name: space.name },
      });
    });
  } catch (error) {
    // Something came to lie in it between the look and the removal.
    if (violatedConstraint(error) !== null) throw await inTheWay();
    throw error;
  }
}

async function explainName<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (violatedConstraint(error) === 'address_spaces_name_unique')
      throw new Problem('name_taken', { kind: 'address_space', name });
    throw error;
  }
}
