import { z } from 'zod';
import { ref } from './common.ts';

/** A vCenter with a made-up estate, to try Wirebook with. */
export const simulatedVcenter = z
  .object({
    available: z.boolean().meta({ description: 'Whether this controller can start one.' }),
    running: z.boolean(),
    starting: z.boolean(),
    why: z
      .string()
      .nullable()
      .meta({ description: 'In words: why none can be started, or that the last start failed.' }),
    progress: z
      .string()
      .nullable()
      .meta({ description: 'In words: what the start is at. The first one builds it, for about a minute.' }),
    note: z
      .string()
      .meta({ description: 'In words: what it is, and what is lost when the controller ends.' }),
    url: z.string().nullable(),
    account: ref.nullable().meta({ description: 'The account that it was added as.' }),
  })
  .meta({ id: 'SimulatedVcenter' });
export type SimulatedVcenter = z.infer<typeof simulatedVcenter>;

/** All that adding it as an account takes. */
export const servedVcenter = z
  .object({
    url: z.string(),
    username: z.string(),
    password: z.string(),
    sha256: z.string().meta({ description: 'Of its certificate, lower-case hexadecimal.' }),
  })
  .meta({ id: 'ServedVcenter' });
export type ServedVcenter = z.infer<typeof servedVcenter>;
