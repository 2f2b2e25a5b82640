import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { printChange } from '../network-change.ts';
import { dryRunQuery } from '../network-effect.ts';
import { given, isSet, option, text, textOrNone, wholeNumber } from '../options.ts';
import type { Shell } from '../session.ts';
import { addVerb } from '../verbs.ts';

/** `network split`, `merge`, `move`: changes that concern more than one network or wire. */
export function addNetworkChangeVerbs(noun: Command, shell: Shell): void {
  const { t } = shell;
  addVerb(noun, shell, {
    name: 'split',
    key: 'network.split',
    arguments: ['<network>'],
    options: [
      option(t, '--at <ip>', 'splitAt').makeOptionMandatory(),
      option(t, '--name <name>', 'splitName'),
      option(t, '--prefix <length>', 'splitPrefix'),
      option(t, '--gateway <ip>', 'splitGateway'),
      option(t, '--dry-run'),
    ],
    examples: [
      'wirebook network split web --at 10.1.2.128 --dry-run',
      'wirebook network split web --at 10.1.2.128 --name web-upper --prefix 25 --gateway 10.1.2.129',
    ],
    run: async (session, [id = ''], options) => {
      const answer = await session.api.POST('/api/v1/networks/{id}/split', {
        params: { path: { id }, query: dryRunQuery(options) },
        body: given({
          at: text(options, 'at') ?? '',
          name: text(options, 'name'),
          prefixLength: wholeNumber(options, 'prefix', session.t),
          gateway: textOrNone(options, 'gateway'),
        }),
      });
      printChange(session, dataOf(answer, session.t), { dryRun: isSet(options, 'dryRun') });
    },
  });
  addVerb(noun, shell, {
    name: 'merge',
    key: 'network.merge',
    arguments: ['<network>'],
    options: [
      option(t, '--into <network>', 'mergeInto').makeOptionMandatory(),
      option(t, '--prefix <length>', 'mergePrefix'),
      option(t, '--dry-run'),
    ],
    examples: [
      'wirebook network merge web-2 --into web --dry-run',
      'wirebook network merge lab-b --into lab-a --prefix 22',
    ],
    run: async (session, [id = ''], options) => {
      const answer = await session.api.POST('/api/v1/networks/{id}/merge', {
        params: { path: { id }, query: dryRunQuery(options) },
        body: given({
          into: text(options, 'into') ?? '',
          prefixLength: wholeNumber(options, 'prefix', session.t),
        }),
      });
      printChange(session, dataOf(answer, session.t), { dryRun: isSet(options, 'dryRun') });
    },
  });
  addVerb(noun, shell, {
    name: 'move',
    key: 'network.move',
    arguments: ['<network>'],
    options: [option(t, '--wire <wire>', 'moveWire'), option(t, '--dry-run')],
    examples: ['wirebook network move web --dry-run', 'wirebook network move web --wire VDS-prod'],
    run: async (session, [id = ''], options) => {
      const answer = await session.api.POST('/api/v1/networks/{id}/move', {
        params: { path: { id }, query: dryRunQuery(options) },
        body: given({ wire: text(options, 'wire') }),
      });
      printChange(session, dataOf(answer, session.t), { dryRun: isSet(options, 'dryRun') });
    },
  });
}
