import { z } from 'zod';
import { ip, ipInput, listOf, listQuery, nameOrId, objectName, ref, stamps, words } from './common.ts';
import { hostName, network } from './networks.ts';
import { nicSummary } from './nics.ts';

const proposedWire = {
  wire: ref,
  servers: z.number().int().meta({ description: 'Servers there that use the range.' }),
};
export const proposal = z
  .object({
    ...stamps,
    name: z.string().meta({ description: 'The name that the network would get.' }),
    space: z.object({ id: z.uuid().nullable(), name: z.string() }).meta({
      description: 'The address space. Without an id it would be made, and the wires taken there.',
    }),
    movesWires: z.array(ref).meta({ description: 'Wires that would be taken to that space.' }),
    family: z.union([z.literal(4), z.literal(6)]),
    cidr: z.string(),
    start: ip,
    end: ip,
    prefixLength: z.number().int(),
    gateway: ip.nullable(),
    dns: z.array(ip),
    domain: z.string().nullable(),
    companion: z
      .uuid()
      .nullable()
      .meta({ description: 'The proposal of the other address family beside it.' }),
    wire: ref,
    additionalWires: z.array(z.object({ ...proposedWire, note: z.string().nullable() })),
    suggestedWires: z.array(
      z.object({ ...proposedWire, note: z.string().nullable(), contradiction: z.string() }),
    ),
    servers: z.number().int().meta({ description: 'Servers that use the range on these wires.' }),
    settles: z.number().int().meta({ description: 'NICs that would get a record.' }),
    remaining: z
      .array(z.object({ code: z.enum(['taken', 'other_wire']), nics: z.number().int(), text: z.string() }))
      .meta({ description: 'NICs that use the range and would get none, and why.' }),
    evidence: z
      .array(
        z.object({
          server: ref,
          wire: ref,
          ip,
          prefixLength: z.number().int().nullable(),
          gateways: z.array(ip),
        }),
      )
      .meta({ description: 'Who reports what: the first 20 by address.' }),
    objections: z.array(z.object({ code: z.string(), text: z.string() })),
  })
  .meta({ id: 'Proposal' });
export type Proposal = z.infer<typeof proposal>;
export const proposalList = listOf(proposal);
export const proposalQuery = listQuery({
  space: z.string().max(255).optional().meta({ description: 'Its name; also of one that would be made.' }),
  wire: nameOrId.optional(),
  family: z.coerce
    .number()
    .int()
    .min(4)
    .max(6)
    .refine((family) => family !== 5)
    .optional(),
  ip: ipInput.optional().meta({ description: 'Proposals whose range holds the address.' }),
});

const proposalId = nameOrId.meta({ description: 'The id of a proposal, its name or its prefix.' });
export const acceptInput = z
  .strictObject({
    ids: z.array(proposalId).max(1000).optional(),
    all: z.literal(true).optional(),
    except: z.array(proposalId).max(1000).optional().meta({ description: 'With `all`: but not these.' }),
    dryRun: z.boolean().optional(),
    changes: z
      .array(
        z.strictObject({
          id: proposalId,
          name: objectName.optional(),
          gateway: ipInput.nullish(),
          dns: z.array(ipInput).max(8).optional(),
          domain: hostName.nullish(),
          description: words(4096).optional(),
          start: ipInput.optional(),
          end: ipInput.optional(),
          prefixLength: z.number().int().min(1).max(128).optional(),
          giving: z.enum(['all', 'none']).optional(),
          wire: nameOrId.optional(),
          additionalWires: z.array(nameOrId).max(500).optional().meta({
            description: 'Declared, beside those that are detected.',
          }),
        }),
      )
      .max(1000)
      .optional()
      .meta({ description: 'What shall be other than proposed.' }),
  })
  .refine((input) => (input.ids === undefined) !== (input.all === undefined), { path: ['ids'] })
  .meta({ id: 'AcceptProposals' });
export type AcceptInput = z.infer<typeof acceptInput>;
export const accepted = z
  .object({
    dryRun: z.boolean(),
    networks: z
      .array(z.object({ proposal: z.uuid(), outcome: z.enum(['created', 'unchanged']), network }))
      .meta({ description: 'The first 500.' }),
    created: z.number().int(),
    unchanged: z.number().int(),
    spaces: z.array(z.object({ name: z.string(), wires: z.array(ref) })).meta({
      description: 'Address spaces that were made or given wires.',
    }),
    settles: z.number().int(),
    ends: z.number().int(),
    conflicts: z.number().int(),
    nics: nicSummary.meta({ description: 'All NICs, as they stand afterwards.' }),
  })
  .meta({ id: 'AcceptedProposals' });
export type Accepted = z.infer<typeof accepted>;
