import type { Claim, GivenAddress } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf, requireDone } from '../api.ts';
import { expiryOptions, readExpiry } from '../expiry.ts';
import { given, isSet, option, text, textOrNone, wholeNumber, type Options } from '../options.ts';
import { printList, printObject, type Column } from '../output/print.ts';
import { say, type Session, type Shell } from '../session.ts';
import { addVerb } from '../verbs.ts';

const givenColumns: readonly Column<GivenAddress>[] = [
  { field: 'ip' },
  { field: 'prefixLength' },
  { field: 'gateway' },
  { field: 'dns' },
  { field: 'domain' },
  { field: 'expiresAt' },
];

/** `network allocate`, `release` and `claim`: taking addresses and giving them back. */
export function addAllocationVerbs(noun: Command, shell: Shell): void {
  const { t } = shell;
  addVerb(noun, shell, {
    name: 'allocate',
    key: 'network.allocate',
    arguments: ['<network>'],
    options: [
      option(t, '--ip <ip>', 'wishedIp').conflicts('count'),
      option(t, '--count <n>', 'allocateCount'),
      ...expiryOptions(t),
      option(t, '--note <text>', 'note'),
    ],
    examples: [
      'wirebook network allocate web',
      'wirebook network allocate web --count 3 --for 2h --note "three new front ends"',
      'wirebook network allocate web --ip 10.1.2.50 --until 2030-12-31',
    ],
    run: async (session, [id = ''], options) => {
      const answer = await session.api.POST('/api/v1/networks/{id}/allocate', {
        params: { path: { id } },
        body: given({
          ip: text(options, 'ip'),
          count: wholeNumber(options, 'count', session.t),
          expiresAt: readExpiry(options, session.t),
          note: text(options, 'note'),
        }),
      });
      const { items } = dataOf(answer, session.t);
      const { form } = session.printer;
      const expires = items.some(({ expiresAt }) => expiresAt !== null);
      printList(
        session.printer,
        items,
        form === 'table' && !expires
          ? givenColumns.filter(({ field }) => field !== 'expiresAt')
          : givenColumns,
      );
    },
  });
  addVerb(noun, shell, {
    name: 'release',
    key: 'network.release',
    arguments: ['<network>', '<ips...>'],
    examples: ['wirebook network release web 10.1.2.50', 'wirebook network release web 10.1.2.50 10.1.2.51'],
    run: async (session, [id = '', ...ips]) => {
      const answer = await session.api.POST('/api/v1/networks/{id}/release', {
        params: { path: { id } },
        body: { ips },
      });
      printList(session.printer, dataOf(answer, session.t).items, [{ field: 'ip' }, { field: 'released' }]);
    },
  });
  addClaimVerb(noun, shell);
}

function addClaimVerb(noun: Command, shell: Shell): void {
  const { t } = shell;
  const settings = ['ip', 'name', 'owner', 'mac', 'note', 'for', 'until'];
  addVerb(noun, shell, {
    name: 'claim',
    key: 'network.claim',
    arguments: ['<network>', '<key>'],
    options: [
      option(t, '--ip <ip>', 'wishedIp'),
      option(t, '--name <name>', 'holderName'),
      option(t, '--owner <owner>', 'holderOwner'),
      option(t, '--mac <mac>', 'holderMac'),
      option(t, '--note <text>', 'note'),
      ...expiryOptions(t),
      option(t, '--release', 'releaseKey').conflicts(['show', ...settings]),
      option(t, '--show', 'showKey').conflicts(settings),
    ],
    examples: [
      'wirebook network claim web build-7',
      'wirebook network claim web printer-3 --ip 10.1.2.60 --name "printer on floor 3" --mac 00:11:22:33:44:55',
      'wirebook network claim web build-7 --release',
    ],
    run: async (session, [id = '', key = ''], options) => {
      const path = { id, key };
      if (isSet(options, 'release')) {
        requireDone(
          await session.api.DELETE('/api/v1/networks/{id}/claims/{key}', { params: { path } }),
          session.t,
        );
        return say(session, session.t('cli.address.keyReleased', { key }));
      }
      const answer = isSet(options, 'show')
        ? await session.api.GET('/api/v1/networks/{id}/claims/{key}', { params: { path } })
        : await session.api.PUT('/api/v1/networks/{id}/claims/{key}', {
            params: { path },
            body: readClaim(session, options),
          });
      const claim: Claim = dataOf<Claim>(answer, session.t);
      return printObject(session.printer, claim);
    },
  });
}

function readClaim(session: Session, options: Options) {
  return given({
    ip: text(options, 'ip'),
    name: textOrNone(options, 'name'),
    owner: textOrNone(options, 'owner'),
    mac: textOrNone(options, 'mac'),
    note: textOrNone(options, 'note'),
    expiresAt: readExpiry(options, session.t),
  });
}
