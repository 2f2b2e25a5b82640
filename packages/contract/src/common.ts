import { z } from 'zod';

/** An object named by its id and its name. */
export const ref = z.object({ id: z.uuid(), name: z.string() }).meta({ id: 'Ref' });
export type Ref = z.infer<typeof ref>;

export const time = z.iso.datetime().meta({ description: 'RFC 3339, UTC.' });
export const ip = z
  .string()
  .meta({ description: 'IPv4 or IPv6 address in canonical text (RFC 5952).', examples: ['10.1.2.3'] });
export const mac = z
  .string()
  .meta({ description: 'MAC address, lower case with colons.', examples: ['00:50:56:aa:00:01'] });

export const stamps = { id: z.uuid(), createdAt: time, updatedAt: time };
export const fromVcenter = {
  account: ref,
  moref: z.string().nullable().meta({ description: "vCenter's managed object id." }),
  missingSince: time
    .nullable()
    .meta({ description: 'Since when complete runs have not found the object any more.' }),
};

/** An id, or a name that fits exactly one object. */
export const nameOrId = z
  .string()
  .min(1)
  .max(255)
  .meta({ description: 'The id, or a name that fits exactly one object.' });
export const nameOrIdParams = z.object({ id: nameOrId });

/** Text that a person typed: no control characters but tabs and line ends. */
export function words(max: number): z.ZodString {
  return z
    .string()
    .max(max)
    .regex(/^(?:[^\p{Cc}]|[\t\n\r])*$/u);
}
export const objectName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$/u)
  .meta({ description: '1 to 128 characters, no control characters, no white space at either end.' });
/** An address as a person types it; it is read and put into canonical form by the controller. */
export const ipInput = z.string().min(1).max(64);

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
export const booleanQuery = flag;
export const dryRunQuery = z.strictObject({
  dryRun: flag.optional().meta({ description: 'Answer what would happen and change nothing.' }),
});

/** What every list takes, with the resource's own filters. */
export function listQuery<T extends z.ZodRawShape>(filters: T) {
  // A mistyped filter must not answer the whole list.
  return z.strictObject({
    limit: z.coerce.number().int().min(1).max(500).default(50),
    cursor: z.string().max(2048).optional(),
    sort: z
      .string()
      .max(128)
      .optional()
      .meta({ description: 'Field names separated by commas, `-` before a field turns it round.' }),
    q: z.string().max(256).optional().meta({ description: 'Search by name, IP, MAC or UUID.' }),
    ...filters,
  });
}

export function listOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable(),
    total: z
      .number()
      .int()
      .nullable()
      .meta({ description: 'How many fit; null where counting them would cost too much.' }),
  });
}

export interface ListRequest {
  limit: number;
  cursor?: string | undefined;
  sort?: string | undefined;
  q?: string | undefined;
}
export interface List<T> {
  items: T[];
  nextCursor: string | null;
  total: number | null;
}
