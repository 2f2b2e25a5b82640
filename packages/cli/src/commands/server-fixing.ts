import type { FixResult } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { WrongUsage } from '../failures.ts';
import { printFixes } from '../fix-report.ts';
import { dryRunQuery } from '../network-effect.ts';
import { option, type Options } from '../options.ts';
import type { Session, Shell } from '../session.ts';
import { addVerb } from '../verbs.ts';

export function addServerFixVerb(noun: Command, shell: Shell): void {
  addVerb(noun, shell, {
    name: 'fix',
    key: 'server.fix',
    arguments: ['<server>', '<addresses...>'],
    options: [option(shell.t, '--dry-run')],
    examples: [
      'wirebook server fix web-01 10.1.2.3 10.1.2.4 --dry-run',
      'wirebook server fix web-01 00:50:56:aa:00:01=10.1.2.3',
      'wirebook server fix web-01 00:50:56:aa:00:01=',
    ],
    run: (session, [id = '', ...addresses], options) => fixServer(session, id, addresses, options),
  });
}

/** Says which addresses a server has: by NIC in device order, or for NICs named by their MAC (`MAC=IP`, `MAC=` for none). */
export async function fixServer(
  session: Session,
  id: string,
  addresses: readonly string[],
  options: Options,
): Promise<void> {
  const answer = await session.api.POST('/api/v1/servers/{id}/fix-nics', {
    params: { path: { id }, query: dryRunQuery(options) },
    body: readAddresses(session, addresses),
  });
  const result: FixResult = dataOf(answer, session.t);
  printFixes(session, result, { servers: 'one' });
}

interface Fixes {
  ips?: string[];
  nics?: { mac: string; ip: string | null }[];
}

function readAddresses(session: Session, addresses: readonly string[]): Fixes {
  // Neither an IPv4 nor an IPv6 address holds an equals sign.
  const named = addresses.filter((address) => address.includes('='));
  if (named.length === 0) return { ips: [...addresses] };
  if (named.length < addresses.length) throw new WrongUsage(session.t('cli.usage.mixedFixes'));
  return {
    nics: named.map((pair) => {
      const [, mac = '', ip = ''] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
      if (mac.trim() === '') throw new WrongUsage(session.t('cli.usage.macMissing', { value: pair }));
      return { mac: mac.trim(), ip: ip.trim() === '' ? null : ip.trim() };
    }),
  };
}
