import type { Operation } from '@wirebook/contract';
import { operationKinds, operationStates } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { followOperation } from '../operation-following.ts';
import { printOperation, printOutcome } from '../operation-report.ts';
import { waitAndPrint } from '../operation-running.ts';
import { choice, flagQuery, given, option, text } from '../options.ts';
import { printObject } from '../output/print.ts';
import { say, type Session, type Shell } from '../session.ts';
import { addList, addNoun, addVerb } from '../verbs.ts';

const example = '0197f0a4-8f0e-7c3a-9d51-3f7b7c0a1e55';

export function addOperationCommands(program: Command, shell: Shell): void {
  const { t } = shell;
  const noun = addNoun(program, shell, 'operation');
  addList<Operation>(noun, shell, {
    filters: [
      option(t, '--kind <kind>').choices(operationKinds),
      option(t, '--state <state>').choices(operationStates),
      option(t, '--account <account>'),
      option(t, '--server <server>'),
      option(t, '--parent <operation>'),
      option(t, '--parts'),
    ],
    columns: [
      { field: 'id' },
      { field: 'kind' },
      { field: 'server.name' },
      { field: 'state' },
      { field: 'progress', show: ({ progress }) => `${progress.done}/${progress.total}` },
      { field: 'createdAt' },
      { field: 'endedAt' },
      { field: 'requestedBy' },
    ],
    examples: [
      'wirebook operation list --state running',
      'wirebook operation list --server web-01',
      `wirebook operation list --parent ${example}`,
    ],
    fetch: (session, options) => (page) =>
      session.api.GET('/api/v1/operations', {
        params: {
          query: given({
            ...page,
            kind: choice(options, 'kind', operationKinds),
            state: choice(options, 'state', operationStates),
            account: text(options, 'account'),
            server: text(options, 'server'),
            parent: text(options, 'parent'),
            parts: flagQuery(options, 'parts'),
          }),
        },
      }),
  });
  addVerb(noun, shell, {
    name: 'show',
    key: 'operation.show',
    arguments: ['<operation>'],
    examples: [`wirebook operation show ${example}`, `wirebook operation show ${example} -o json`],
    run: async (session, [id = '']) => printOperation(session, await readOperation(session, id)),
  });
  addVerb(noun, shell, {
    name: 'wait',
    key: 'operation.wait',
    arguments: ['<operation>'],
    examples: [`wirebook operation wait ${example}`],
    run: async (session, [id = '']) => waitAndPrint(session, await readOperation(session, id)),
  });
  addVerb(noun, shell, {
    name: 'cancel',
    key: 'operation.cancel',
    arguments: ['<operation>'],
    options: [option(t, '--no-wait', 'noWaitForOperation')],
    examples: [`wirebook operation cancel ${example}`, `wirebook operation cancel ${example} --no-wait`],
    run: async (session, [id = ''], options) => {
      const answer = await session.api.POST('/api/v1/operations/{id}/cancel', { params: { path: { id } } });
      const asked = dataOf(answer, session.t);
      say(session, session.t('cli.operation.cancelling'));
      if (options['wait'] === false) return printObject(session.printer, asked);
      const ended = await followOperation(session, asked);
      if (ended === null) session.endWith(1);
      else await printCancelled(session, ended);
    },
  });
}

/** Nothing being left is what was asked for; an operation that was done before it could be stopped is not. */
async function printCancelled(session: Session, ended: Operation): Promise<void> {
  const gone = ended.state === 'cancelled' || ended.state === 'undone';
  await printOutcome(gone ? { ...session, endWith: () => {} } : session, ended);
  if (gone) return;
  session.endWith(1);
  if (ended.state === 'succeeded') say(session, session.t('cli.operation.doneBefore'));
}

async function readOperation(session: Session, id: string): Promise<Operation> {
  return dataOf(await session.api.GET('/api/v1/operations/{id}', { params: { path: { id } } }), session.t);
}
