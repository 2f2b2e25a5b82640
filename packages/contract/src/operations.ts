import { z } from 'zod';
import { booleanQuery, ip, listOf, listQuery, nameOrId, ref, stamps, time } from './common.ts';

export const operationKinds = [
  'create_server',
  'create_servers',
  'delete_server',
  'attach_nic',
  'detach_nic',
  'change_nic',
] as const;
export type OperationKindName = (typeof operationKinds)[number];

/** `undone`: it failed, and nothing of it is left. `failed`: something is left, and `left` says what. */
export const operationStates = ['queued', 'running', 'succeeded', 'failed', 'undone', 'cancelled'] as const;
export const operationState = z.enum(operationStates);
export type OperationState = (typeof operationStates)[number];

export const stepStates = [
  'pending',
  'running',
  'done',
  'failed',
  'undoing',
  'undone',
  'not_undone',
  'skipped',
] as const;
export type StepState = (typeof stepStates)[number];

const sentence = z.object({ code: z.string(), text: z.string() });

export const operation = z
  .object({
    ...stamps,
    kind: z.enum(operationKinds),
    state: operationState,
    account: ref.nullable(),
    /** The id comes with the server. */
    server: z
      .object({ id: z.uuid().nullable(), name: z.string() })
      .nullable()
      .meta({ description: 'The server that it is about; without an id until there is one.' }),
    parent: z.uuid().nullable().meta({ description: 'The operation that this one is part of.' }),
    requestedBy: z.string().nullable(),
    steps: z
      .array(
        z.object({
          name: z.string(),
          title: z.string(),
          state: z.enum(stepStates),
          startedAt: time.nullable(),
          endedAt: time.nullable(),
          detail: z.string().nullable().meta({ description: 'What the step came to, or why it failed.' }),
        }),
      )
      .meta({
        description: 'In their order; of an operation that makes several servers, one for each of them.',
      }),
    progress: z.object({ done: z.number().int(), total: z.number().int() }),
    log: z
      .array(z.object({ at: time, text: z.string() }))
      .meta({ description: 'What happened, line by line.' }),
    warnings: z.array(sentence).meta({ description: 'It is done, but somebody should look at this.' }),
    error: z
      .object({ code: z.string(), text: z.string(), remedy: z.string() })
      .nullable()
      .meta({ description: 'Why it failed and what to do.' }),
    left: z.array(sentence).meta({ description: 'What of a failed operation is still there.' }),
    result: z
      .object({
        servers: z.array(
          z.object({
            server: z.object({ id: z.uuid().nullable(), name: z.string() }),
            operation: z.uuid(),
            state: operationState,
            addresses: z.array(
              z.object({
                ip,
                network: ref.nullable(),
                mac: z.string().nullable(),
                wire: ref.nullable(),
              }),
            ),
          }),
        ),
      })
      .nullable()
      .meta({ description: 'The servers concerned, with the addresses that they were given.' }),
    cancelRequested: z.boolean(),
    startedAt: time.nullable(),
    endedAt: time.nullable(),
  })
  .meta({ id: 'Operation' });
export type Operation = z.infer<typeof operation>;
export const operationList = listOf(operation);
export const operationQuery = listQuery({
  kind: z.enum(operationKinds).optional(),
  state: operationState.optional(),
  account: nameOrId.optional(),
  server: nameOrId.optional(),
  parent: z.uuid().optional().meta({ description: 'The parts of this operation.' }),
  parts: booleanQuery.optional().meta({ description: 'Also operations that are part of another.' }),
});
