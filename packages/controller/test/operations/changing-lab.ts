import type { Operation, ProblemBody, ServerChangePlan } from '@wirebook/contract';
import { type Estate, type ListedVm, makeMachine } from '@wirebook/simulator';
import { awaitTask, createVsphereClient, type DeviceChange } from '@wirebook/vsphere';
import { expect } from 'vitest';
import type { EnginePoint } from '../../src/operations/engine.ts';
import { Died } from '../../src/operations/logbook.ts';
import { waitFor } from '../support/accounts.ts';
import { expectBothWorldsAgree } from '../support/both-worlds.ts';
import type { TestControllerOptions } from '../support/controller.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import type { MachineSketch } from '../support/lab-estate.ts';
import { creatingEstate, creatingNetworks } from './creating-estate.ts';
import { expectWords } from './creating-lab.ts';

/** Where servers are changed in tests: the hosts and networks of those that make servers, and servers that are there already. */

type Machine = Omit<MachineSketch, 'number' | 'host'> & { host?: string };

/** A Linux guest that runs, with Tools, on esx-01; each NIC on a distributed group, or with `/` before its name a standard one. */
export function running(
  name: string,
  nics: readonly (readonly [group: string, ...addresses: string[]])[],
  more: Partial<Machine> = {},
): Machine {
  return {
    name,
    hostName: `${name}.lab.example`,
    nics: nics.map(([group, ...addresses]) => ({
      network: group.startsWith('/') ? { standard: group.slice(1) } : { distributed: group },
      addresses,
    })),
    ...more,
  };
}

/** The same, powered off, with Tools that say nothing. */
export function stopped(name: string, groups: readonly string[], more: Partial<Machine> = {}): Machine {
  return running(
    name,
    groups.map((group) => [group]),
    { powerState: 'poweredOff', tools: 'notRunning', ...more },
  );
}

function changingEstate(machines: readonly Machine[]): Estate {
  const estate = creatingEstate();
  const [home] = estate.datacenters;
  for (const host of home?.clusters.flatMap((cluster) => cluster.hosts) ?? [])
    host.standardSwitches[0]?.portGroups.push({ name: 'VM Network', vlanId: 0 });
  home?.virtualMachines.push(
    ...machines.map((machine, index) =>
      makeMachine({ host: 'esx-01', folder: 'Web', ...machine, number: 100 + index }),
    ),
  );
  return estate;
}

/** A second network on the wire `app`. */
const moreNetworks = [
  { name: 'app2-net', wire: 'app', cidr: '10.31.0.0/24', gateway: '10.31.0.1', giving: 'all' },
] as const;

export type Death = Pick<EnginePoint, 'step' | 'way' | 'moment'> & {
  /** Somebody asks it to stop before. */
  readonly cancelled?: true;
};

/** What a server is in both worlds, as far as an operation could change it. */
export interface ServerWorlds {
  readonly vcenter: unknown;
  readonly book: unknown;
}

export interface ChangingLab extends EstateController {
  attach(server: string, input: object): Promise<Operation>;
  detach(server: string, nic: string): Promise<Operation>;
  change(server: string, nic: string, input: object): Promise<Operation>;
  remove(server: string, options?: { powerOff: boolean }): Promise<Operation>;
  show(id: string, language?: string): Promise<Operation>;
  /** Waits for the end; its words must be whole in both languages. */
  ended(begun: Operation | Promise<Operation>): Promise<Operation>;
  cancel(id: string): Promise<Operation>;
  /** A request whose dry run is answered; it must leave both worlds as they were. */
  plan(method: string, path: string, body?: object): Promise<ServerChangePlan>;
  /** A request that must be refused with this code, in both languages, dry or not, with nothing changed by it. */
  refuseChange(code: string, method: string, path: string, body?: object): Promise<ProblemBody>;
  vm(name: string): Promise<ListedVm>;
  /** As somebody does in vCenter itself. */
  reconfigure(
    server: string,
    spec: {
      deviceChange?: readonly DeviceChange[];
      extraConfig?: readonly { key: string; value: string }[];
    },
  ): Promise<void>;
  worlds(server: string, options?: { reports: boolean }): Promise<ServerWorlds>;
  /** Live claims of an address, as `source server mac`. */
  holders(ip: string): Promise<string[]>;
  /** `server reason` of all who had the address, newest first; one that has it lives. */
  history(ip: string): Promise<string[]>;
  agree(): Promise<void>;
  /** No network is taken to be on a wire because a NIC that was on its way had an address of it there. */
  expectNoStrayWires(): Promise<void>;
  /** Begins an operation that dies once, at this point. */
  dying(death: Death, begin: () => Promise<Operation>): Promise<Operation>;
  /** Operations that have died, each as often as it did. */
  readonly deaths: readonly string[];
  /** Called wherever an operation passes, which waits for it. */
  onPoint: ((point: EnginePoint) => void | Promise<void>) | null;
}

export interface ChangingLabOptions extends TestControllerOptions {
  readonly machines: readonly Machine[];
}

export async function startChangingLab(options: ChangingLabOptions): Promise<ChangingLab> {
  const { machines, ...controllerOptions } = options;
  const fates = new Map<string, Death | null>();
  const deaths: string[] = [];
  let pending: Death | null = null;
  let lab: ChangingLab | null = null;
  const book = await startEstateController(changingEstate(machines), {
    ...controllerOptions,
    env: {
      WIREBOOK_OPERATIONS_PER_ACCOUNT: '64',
      WIREBOOK_VCENTER_PATIENCE: '5',
      ...controllerOptions.env,
    },
    atOperationPoint: async (point) => {
      await lab?.onPoint?.(point);
      const { operationId, step, way, moment } = point;
      if (!fates.has(operationId)) fates.set(operationId, pending);
      const fate = fates.get(operationId);
      if (fate?.step !== step || fate.way !== way || fate.moment !== moment) return;
      fates.set(operationId, null);
      if (fate.cancelled === true) await lab?.cancel(operationId);
      deaths.push(operationId);
      throw new Died();
    },
  });
  const { call } = book.controller;
  try {
    for (const network of [...creatingNetworks, ...moreNetworks]) await book.createNetwork(network);
    const declared = await call('PUT', '/api/v1/networks/edge-net/additional-wires', { wires: ['site'] });
    expect(declared.status, JSON.stringify(declared.body)).toBe(200);
  } catch (error) {
    await book[Symbol.asyncDispose]();
    throw error;
  }
  const begin = async (method: string, path: string, body?: object): Promise<Operation> => {
    const begun = await call<Operation>(method, path, body);
    expect(begun.status, JSON.stringify(begun.body)).toBe(202);
    return begun.body;
  };
  const show = async (id: string, language = 'en'): Promise<Operation> => {
    const answer = await call<Operation>('GET', `/api/v1/operations/${id}`, undefined, {
      'accept-language': language,
    });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body;
  };
  const everything = async (): Promise<unknown> => ({
    vms: await book.simulator.listVms(),
    tables: await book.sql(
      `SELECT (SELECT count(*) FROM operations) AS operations, (SELECT count(*) FROM claims) AS claims,
        (SELECT count(*) FROM claims WHERE ended_at IS NULL) AS live, (SELECT count(*) FROM events) AS events,
        (SELECT count(*) FROM idempotency_keys) AS keys`,
    ),
  });
  const vm = async (name: string): Promise<ListedVm> => {
    const found = (await book.simulator.listVms()).find((one) => one.name === name);
    if (found === undefined) throw new Error(`vCenter has no ${name}`);
    return found;
  };
  const dryRunOf = (path: string): string => `${path}${path.includes('?') ? '&' : '?'}dryRun=true`;
  lab = {
    ...book,
    deaths,
    onPoint: null,
    attach: (server, input) => begin('POST', `/api/v1/servers/${server}/nics`, input),
    detach: (server, nic) => begin('DELETE', `/api/v1/servers/${server}/nics/${nic}`),
    change: (server, nic, input) => begin('PATCH', `/api/v1/servers/${server}/nics/${nic}`, input),
    remove: (server, { powerOff } = { powerOff: false }) =>
      begin('DELETE', `/api/v1/servers/${server}${powerOff ? '?powerOff=true' : ''}`),
    show,
    ended: async (begun) => {
      const { id } = await begun;
      const operation = await waitFor(async () => {
        const shown = await show(id);
        return shown.state === 'queued' || shown.state === 'running' ? undefined : shown;
      });
      for (const language of ['en', 'zh']) expectWords(await show(id, language));
      return operation;
    },
    cancel: async (id) => {
      const answer = await call<Operation>('POST', `/api/v1/operations/${id}/cancel`);
      expect(answer.status, JSON.stringify(answer.body)).toBe(202);
      return answer.body;
    },
    plan: async (method, path, body) => {
      const before = await everything();
      const answers: ServerChangePlan[] = [];
      for (const language of ['zh', 'en']) {
        const answer = await call<ServerChangePlan>(method, dryRunOf(path), body, {
          'accept-language': language,
        });
        expect(answer.status, JSON.stringify(answer.body)).toBe(200);
        expectWords(answer.body);
        answers.push(answer.body);
      }
      expect(await everything()).toEqual(before);
      const [, english] = answers;
      if (english === undefined) throw new Error('both were asked for');
      return english;
    },
    refuseChange: async (code, method, path, body) => {
      const before = await everything();
      const bodies: ProblemBody[] = [];
      for (const [language, at] of [
        ['en', dryRunOf(path)],
        ['zh', path],
        ['en', path],
      ] as const) {
        const answer = await call<ProblemBody>(method, at, body, { 'accept-language': language });
        expect(answer.body.code, JSON.stringify(answer.body)).toBe(code);
        expectWords(answer.body);
        bodies.push(answer.body);
      }
      const [, chinese, english] = bodies;
      if (chinese === undefined || english === undefined) throw new Error('both were asked for');
      expect(chinese.detail).not.toBe(english.detail);
      expect(await everything()).toEqual(before);
      return english;
    },
    vm,
    reconfigure: async (server, spec) => {
      const { url, username, password, certificate } = book.simulator;
      const client = createVsphereClient({
        url,
        username,
        password,
        trust: { kind: 'fingerprint', sha256: certificate.sha256 },
      });
      await client.connect();
      try {
        const { ref } = await vm(server);
        const { returnval } = await client.call('ReconfigVM_Task', ref, { spec });
        await awaitTask(client, returnval);
      } finally {
        await client.close();
      }
    },
    worlds: async (server, { reports } = { reports: true }) => {
      const { powerState, toolsRun, extraConfig, nics, folder, host } = await vm(server);
      // Plugged in again a card has another port.
      const cards = nics.map(({ addresses, ...card }) => ({
        ...card,
        portKey: '',
        ...(reports && { addresses }),
      }));
      const rows = await book.sql(
        `SELECT n.id, n.device_key, n.mac::text, n.wire_id, n.missing_since, n.connected,
           (SELECT coalesce(json_agg(json_build_array(c.id, host(c.ip), c.source) ORDER BY c.ip), '[]')
             FROM claims c WHERE c.nic_id = n.id AND c.ended_at IS NULL) AS claims
         FROM nics n JOIN servers s ON s.id = n.server_id
         WHERE s.name = $1 AND s.missing_since IS NULL AND n.missing_since IS NULL ORDER BY n.position`,
        [server],
      );
      return { vcenter: { powerState, toolsRun, extraConfig, nics: cards, folder, host }, book: rows };
    },
    holders: async (ip) =>
      (
        await book.sql<{ line: string }>(
          `SELECT concat_ws(' ', source, coalesce(server_name, '-'), coalesce(mac::text, '-')) AS line FROM claims
           WHERE ip = $1 AND ended_at IS NULL`,
          [ip],
        )
      ).map(({ line }) => line),
    history: async (ip) => {
      const { body } = await call<{ history: { server: { name: string } | null; ended: string | null }[] }>(
        'GET',
        `/api/v1/addresses/${ip}`,
      );
      return body.history.map((one) => `${one.server?.name ?? '-'} ${one.ended ?? 'lives'}`);
    },
    agree: () => expectBothWorldsAgree(book),
    expectNoStrayWires: async () => {
      const stray = await book.sql(
        `SELECT n.name AS network, w.name AS wire, l.origin, l.evidence FROM network_wires l JOIN networks n ON n.id = l.network_id
         JOIN wires w ON w.id = l.wire_id WHERE l.origin IN ('detected', 'suggested')`,
      );
      expect(stray).toEqual([]);
    },
    dying: async (death, start) => {
      pending = death;
      try {
        const operation = await start();
        if (!fates.has(operation.id)) fates.set(operation.id, death);
        return operation;
      } finally {
        pending = null;
      }
    },
    [Symbol.asyncDispose]: () => book[Symbol.asyncDispose](),
  };
  return lab;
}
