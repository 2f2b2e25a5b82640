import { z } from 'zod';
import { listOf, listQuery, objectName, stamps } from './common.ts';

export const addressSpace = z
  .object({
    ...stamps,
    name: z.string(),
    counts: z.object({ wires: z.number().int(), networks: z.number().int() }),
  })
  .meta({ id: 'AddressSpace' });
export type AddressSpace = z.infer<typeof addressSpace>;
export const addressSpaceList = listOf(addressSpace);
export const addressSpaceQuery = listQuery({});
export const addressSpaceInput = z.strictObject({ name: objectName });
