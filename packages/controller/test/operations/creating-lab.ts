import type { Operation, ProblemBody, ServerInput, ServerPlan } from '@wirebook/contract';
import type { ListedVm } from '@wirebook/simulator';
import {
  createVsphereClient,
  readRecentTasks,
  type VirtualDevice,
  type VsphereClient,
} from '@wirebook/vsphere';
import { expect } from 'vitest';
import type { EnginePoint } from '../../src/operations/engine.ts';
import { Died } from '../../src/operations/logbook.ts';
import { MARKER, readMachine } from '../../src/operations/machines.ts';
import { waitFor } from '../support/accounts.ts';
import { expectBothWorldsAgree } from '../support/both-worlds.ts';
import type { TestControllerOptions } from '../support/controller.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { creatingEstate, creatingNetworks } from './creating-estate.ts';

/** An operation has to end so; what else it says is told where it doesn't. */
export function expectEnd(operation: Operation, state: Operation['state']): void {
  const { error, steps, log } = operation;
  expect(
    operation.state,
    JSON.stringify({ error, steps: steps.map(({ name, state: at }) => `${name} ${at}`), log }, null, 1),
  ).toBe(state);
}

/** A controller that makes servers, which tests hold up, kill and look at. */
export interface CreatingLab extends EstateController {
  /** Asks for a server and answers at once. Expects it to be begun. */
  begin(input: Partial<ServerInput>, headers?: Record<string, string>): Promise<Operation>;
  /** Asks for a server and waits until the operation has ended. */
  create(input: Partial<ServerInput>): Promise<Operation>;
  show(id: string, language?: string): Promise<Operation>;
  ended(id: string): Promise<Operation>;
  cancel(id: string): Promise<Operation>;
  plan(input: Partial<ServerInput>): Promise<ServerPlan>;
  /** A request that must be refused with this code, in both languages, with nothing changed by it. */
  refuseCreation(code: string, input: Partial<ServerInput>): Promise<ProblemBody>;
  /** Virtual machines by the operation that made them. */
  made(operationId: string): Promise<ListedVm[]>;
  /** Its devices, as any client of vCenter reads them. */
  devices(vm: ListedVm): Promise<readonly VirtualDevice[]>;
  /** The one of this name; fails where there is none. */
  vm(name: string): Promise<ListedVm>;
  agree(): Promise<void>;
  /** Where operations die: each that begins from now on takes the next of these. */
  dieAt(points: readonly Pick<EnginePoint, 'step' | 'way' | 'moment'>[]): void;
  /** Deaths that have not come yet. */
  deathsAhead(): readonly Pick<EnginePoint, 'step' | 'way' | 'moment'>[];
  /** What is done when the next operation passes there, which waits for it. */
  whenAt(
    point: Pick<EnginePoint, 'step' | 'moment'> & { readonly way?: EnginePoint['way'] },
    work: (point: EnginePoint) => void | Promise<void>,
  ): void;
}

export interface CreatingLabOptions extends TestControllerOptions {
  readonly templates?: readonly string[];
}

export async function startCreatingLab(options: CreatingLabOptions = {}): Promise<CreatingLab> {
  const { templates, ...controllerOptions } = options;
  type Death = Pick<EnginePoint, 'step' | 'way' | 'moment'>;
  let deaths: Death[] = [];
  const fates = new Map<string, Death | null>();
  const visits: (Death & { work: (point: EnginePoint) => void | Promise<void> })[] = [];
  const book = await startEstateController(creatingEstate(templates), {
    ...controllerOptions,
    env: { WIREBOOK_OPERATIONS_PER_ACCOUNT: '32', ...controllerOptions.env },
    atOperationPoint: async (point) => {
      const at = visits.findIndex(
        (visit) => visit.step === point.step && visit.moment === point.moment && visit.way === point.way,
      );
      if (at >= 0) await visits.splice(at, 1)[0]?.work(point);
      const { operationId, step, way, moment } = point;
      if (!fates.has(operationId)) fates.set(operationId, deaths.shift() ?? null);
      const fate = fates.get(operationId);
      if (fate?.step !== step || fate.way !== way || fate.moment !== moment) return;
      fates.set(operationId, null);
      throw new Died();
    },
  });
  const { call } = book.controller;
  try {
    for (const network of creatingNetworks) await book.createNetwork(network);
    const declared = await call('PUT', '/api/v1/networks/edge-net/additional-wires', { wires: ['site'] });
    expect(declared.status, JSON.stringify(declared.body)).toBe(200);
  } catch (error) {
    await book[Symbol.asyncDispose]();
    throw error;
  }
  const complete = (input: Partial<ServerInput>) => ({
    from: 'ubuntu',
    nics: [{ network: 'web-net' }],
    ...input,
  });
  const show = async (id: string, language = 'en'): Promise<Operation> => {
    const answer = await call<Operation>('GET', `/api/v1/operations/${id}`, undefined, {
      'accept-language': language,
    });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body;
  };
  const ended = async (id: string): Promise<Operation> => {
    // Asked for by SQL, many of them are waited for at little cost.
    await waitFor(async () => {
      const open = await book.sql(
        `SELECT 1 FROM operations WHERE id = $1 AND state IN ('queued', 'running')`,
        [id],
      );
      return open.length === 0 ? true : undefined;
    });
    const operation = await show(id);
    for (const language of ['en', 'zh']) expectWords(await show(id, language));
    return operation;
  };
  const begin: CreatingLab['begin'] = async (input, headers) => {
    const begun = await call<Operation>('POST', '/api/v1/servers', complete(input), headers);
    expect(begun.status, JSON.stringify(begun.body)).toBe(202);
    return begun.body;
  };
  const made = async (operationId: string): Promise<ListedVm[]> =>
    (await book.simulator.listVms()).filter((vm) => vm.extraConfig[MARKER] === operationId);
  const worlds = async (): Promise<unknown> => ({
    vms: await book.simulator.listVms(),
    tables: await book.sql(
      `SELECT (SELECT count(*) FROM operations) AS operations, (SELECT count(*) FROM claims) AS claims,
        (SELECT count(*) FROM servers) AS servers, (SELECT count(*) FROM idempotency_keys) AS keys,
        (SELECT count(*) FROM events WHERE object_kind = 'server') AS events`,
    ),
  });
  const { url, username, password, certificate } = book.simulator;
  const vsphere = createVsphereClient({
    url,
    username,
    password,
    trust: { kind: 'fingerprint', sha256: certificate.sha256 },
  });
  let connected: Promise<unknown> | null = null;
  /** Of our own, beside the controller's. */
  const reader = async (): Promise<VsphereClient> => {
    connected ??= vsphere.connect();
    await connected;
    return vsphere;
  };
  return {
    ...book,
    begin,
    show,
    ended,
    create: async (input) => ended((await begin(input)).id),
    cancel: async (id) => {
      const answer = await call<Operation>('POST', `/api/v1/operations/${id}/cancel`);
      expect(answer.status, JSON.stringify(answer.body)).toBe(202);
      return answer.body;
    },
    plan: async (input) => {
      const answer = await call<ServerPlan>('POST', '/api/v1/servers', { ...complete(input), dryRun: true });
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      return answer.body;
    },
    refuseCreation: async (code, input) => {
      const before = await worlds();
      const bodies: ProblemBody[] = [];
      for (const language of ['zh', 'en']) {
        const answer = await call<ProblemBody>('POST', '/api/v1/servers', complete(input), {
          'accept-language': language,
        });
        expect(answer.body.code, JSON.stringify(answer.body)).toBe(code);
        expectWords(answer.body);
        bodies.push(answer.body);
      }
      const [chinese, english] = bodies;
      if (chinese === undefined || english === undefined) throw new Error('both were asked for');
      expect(chinese.detail).not.toBe(english.detail);
      expect(await worlds()).toEqual(before);
      return english;
    },
    made,
    devices: async (vm) => {
      const machine = await readMachine(await reader(), vm.ref.value, new AbortController().signal);
      return machine?.hardware?.device ?? [];
    },
    vm: async (name) => {
      const found = (await book.simulator.listVms()).find((vm) => vm.name === name);
      if (found === undefined) throw new Error(`vCenter has no ${name}`);
      return found;
    },
    agree: async () => {
      // What vCenter still carries out comes to light only when it has.
      const client = await reader();
      for (const source of (await book.simulator.listVms()).filter(({ template }) => template))
        await waitFor(async () => {
          const tasks = await readRecentTasks(client, source.ref);
          return tasks.some(({ state }) => state === 'running' || state === 'queued') ? undefined : true;
        });
      await expectBothWorldsAgree(book);
    },
    dieAt: (points) => {
      deaths = [...points];
    },
    deathsAhead: () => [...deaths, ...[...fates.values()].filter((fate) => fate !== null)],
    whenAt: ({ step, moment, way = 'act' }, work) => {
      visits.push({ step, moment, way, work });
    },
    [Symbol.asyncDispose]: async () => {
      await vsphere.close();
      await book[Symbol.asyncDispose]();
    },
  };
}

/** No text may show the bones of its sentence: a value that isn't filled in, or a sentence that isn't there. */
export function expectWords(body: unknown): void {
  const texts: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (Array.isArray(value)) value.forEach(collect);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  collect(body);
  for (const text of texts) {
    expect(text, JSON.stringify(body)).not.toMatch(/\{\{|\}\}|undefined|\[object/);
    expect(text, JSON.stringify(body)).not.toMatch(/^(?:operations|problems|fields|evidence)\.[a-z_]+\./);
  }
}
