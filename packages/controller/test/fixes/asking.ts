import type { Address, FixResult, ProblemBody } from '@wirebook/contract';
import { expect } from 'vitest';
import type { EstateController } from '../support/estate-controller.ts';

/** The requests that tests of fixing make of an estate's controller, and what they look at afterwards. */
export interface Asking {
  /** Expects it to be done. */
  fix: (server: string, body: Record<string, unknown>) => Promise<FixResult>;
  /** Expects it to be refused; answers `field: message` of each complaint. */
  refuse: (server: string, body: Record<string, unknown>, code?: string) => Promise<string[]>;
  /** The same from a file's rows: `line: message`. */
  importRows: (rows: readonly Record<string, unknown>[], query?: string) => Promise<FixResult>;
  refuseRows: (rows: readonly Record<string, unknown>[]) => Promise<ProblemBody>;
  macOf: (server: string, position?: number) => Promise<string>;
  address: (ip: string) => Promise<Address>;
  /** Who had the address, the latest first, as `server end`. */
  history: (ip: string) => Promise<string[]>;
  events: (server: string) => Promise<{ actor: string; after: { changes: object[] } }[]>;
  /** Everything that a refused request must leave as it was. */
  book: () => Promise<unknown>;
}

export function askingOf(lab: () => EstateController): Asking {
  const path = (server: string): string => `/api/v1/servers/${encodeURIComponent(server)}/fix-nics`;
  const address = async (ip: string): Promise<Address> =>
    (await lab().controller.call<Address>('GET', `/api/v1/addresses/${ip}`)).body;
  return {
    fix: async (server, body) => {
      const answer = await lab().controller.call<FixResult>('POST', path(server), body);
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      return answer.body;
    },
    refuse: async (server, body, code = 'fixes_refused') => {
      const problem = await lab().refuse(code, 'POST', path(server), body);
      return (problem.errors ?? []).map((error) => `${error.field}: ${error.message}`);
    },
    importRows: async (rows, query = '') => {
      const answer = await lab().controller.call<FixResult>('POST', `/api/v1/imports/fixes${query}`, {
        rows,
      });
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      return answer.body;
    },
    refuseRows: (rows) => lab().refuse('import_refused', 'POST', '/api/v1/imports/fixes', { rows }),
    macOf: async (server, position = 0) => (await lab().nics(server))[position]?.mac ?? '',
    address,
    history: async (ip) =>
      (await address(ip)).history.map((one) => `${one.server?.name ?? '-'} ${one.ended ?? 'lives'}`),
    events: (server) =>
      lab().sql(
        `SELECT actor, after FROM events WHERE action = 'fix_nics' AND object_name = $1 ORDER BY id`,
        [server],
      ),
    book: async () => ({
      claims: await lab().sql(`SELECT id, xmin::text FROM claims ORDER BY id`),
      reasons: await lab().sql(`SELECT nic_id, position, xmin::text FROM nic_reasons ORDER BY 1, 2`),
      events: await lab().sql(`SELECT count(*) FROM events`),
    }),
  };
}

/** What was done, as `card ip change`. */
export function done({ items }: FixResult): string[] {
  return items.map((item) => `${item.nic.label.replace('Network adapter ', '')} ${item.ip} ${item.change}`);
}
