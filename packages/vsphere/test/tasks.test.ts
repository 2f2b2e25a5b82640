import { startCuttingProxy, startSimulator, smallEstate } from '@wirebook/simulator';
import { describe, expect, it } from 'vitest';
import {
  awaitTask,
  cancelTask,
  faultOf,
  isTransient,
  VsphereError,
  type TaskProgress,
} from '../src/index.ts';
import { content, fault, missing, response } from './support/envelope.ts';
import { problem, startFakeVcenter, type Answer } from './support/fake-vcenter.ts';
import { clientOf } from './support/simulator-client.ts';

const task = { type: 'Task', value: 'task-88' };

function info(state: string, more = ''): string {
  const val = `<val xsi:type="TaskInfo"><key>task-88</key><task type="Task">task-88</task><descriptionId>VirtualMachine.clone</descriptionId><state>${state}</state><cancelled>false</cancelled><cancelable>true</cancelable>${more}<reason xsi:type="TaskReasonUser"/><queueTime>2026-11-22T10:00:00Z</queueTime><eventChainId>7</eventChainId></val>`;
  return response(
    'RetrievePropertiesEx',
    `<returnval>${content('Task', 'task-88', { info: val })}</returnval>`,
  );
}

const gone: Answer = { serve: (reply) => reply.destroy() };

/** A vCenter that answers for the task with these, one after the other, and with the last of them for ever. */
async function asked(answers: Answer[]) {
  const server = await startFakeVcenter(({ method }) =>
    method === 'RetrievePropertiesEx' ? (answers.length > 1 ? answers.shift() : answers[0]) : undefined,
  );
  const client = server.client();
  await client.connect();
  return { server, client, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const success = info(
  'success',
  '<result type="VirtualMachine" xsi:type="ManagedObjectReference">vm-90</result>',
);

describe('awaiting a task', () => {
  it('tells how far it has come, each time once, and gives what it made', async () => {
    await using vcenter = await asked([
      info('queued'),
      info('running'),
      info('running', '<progress>10</progress>'),
      info('running', '<progress>10</progress>'),
      success,
    ]);
    const seen: TaskProgress[] = [];
    const answer = await awaitTask(vcenter.client, task, { onProgress: (progress) => seen.push(progress) });
    expect(answer).toMatchObject({ state: 'success', result: { type: 'VirtualMachine', value: 'vm-90' } });
    expect(seen).toEqual([
      { state: 'queued', percent: null },
      { state: 'running', percent: null },
      { state: 'running', percent: 10 },
    ]);
  });

  it('asks for the result of a task that made no object and gets none', async () => {
    await using vcenter = await asked([info('success', '<result xsi:type="xsd:string">x</result>')]);
    expect(await awaitTask(vcenter.client, task)).toMatchObject({ state: 'success', result: null });
  });

  it.each([
    [
      'a privilege',
      '<fault xsi:type="NoPermission"><object type="Network">network-7</object><privilegeId>Network.Assign</privilegeId></fault><localizedMessage>Permission denied.</localizedMessage>',
      {
        kind: 'permission',
        message:
          'The account lacks a privilege: NoPermission (privilege Network.Assign, object Network network-7): Permission denied.',
      },
    ],
    [
      'that somebody cancelled it',
      '<fault xsi:type="RequestCanceled"></fault><localizedMessage>Cancelled by a user.</localizedMessage>',
      { kind: 'fault', fault: { faultType: 'RequestCanceled', faultString: 'Cancelled by a user.' } },
    ],
    ['nothing', '', { kind: 'fault', fault: { faultType: 'MethodFault' } }],
  ])('throws what it failed with: %s', async (_, error, expected) => {
    const inside = error === '' ? '' : `<error>${error}</error>`;
    await using vcenter = await asked([info('running'), info('error', inside)]);
    expect(await problem(awaitTask(vcenter.client, task))).toMatchObject(expected);
  });

  it('survives connections that break, a server that starts anew and a session that has gone', async () => {
    await using vcenter = await asked([
      info('running'),
      gone,
      { status: 503, body: 'starting' },
      gone,
      fault('NotAuthenticated'),
      info('running'),
      {
        serve: (reply) =>
          void reply
            .writeHead(200, { 'content-length': '5000' })
            .write('<soapenv:Envelope', () => reply.destroy()),
      },
      success,
    ]);
    expect(await awaitTask(vcenter.client, task)).toMatchObject({ state: 'success' });
    expect(vcenter.server.methods().filter((method) => method === 'Login')).toHaveLength(2);
  });

  it('gives up when the server stays away for longer than the patience, with what keeps it away', async () => {
    await using vcenter = await asked([info('running'), { status: 503, body: 'starting' }]);
    expect(await problem(awaitTask(vcenter.client, task, { patienceMs: 200 }))).toMatchObject({
      kind: 'unavailable',
      status: 503,
    });
    await using silent = await asked([info('running'), { serve: () => undefined }]);
    expect(await problem(awaitTask(silent.client, task, { patienceMs: 200 }))).toMatchObject({
      kind: 'timeout',
    });
  });

  it('forgives breaks that are short each, however many they are', async () => {
    const answers: Answer[] = Array.from({ length: 12 }, () => [gone, info('running')]).flat();
    await using vcenter = await asked([...answers, success]);
    // Counted together they would last longer: there is a pause before each question.
    expect(await awaitTask(vcenter.client, task, { patienceMs: 1000 })).toMatchObject({ state: 'success' });
  });

  it('ends when its caller says so, while it asks and while it waits', async () => {
    await using vcenter = await asked([info('running'), { serve: () => undefined }]);
    const stop = new AbortController();
    const asking = awaitTask(vcenter.client, task, { signal: stop.signal });
    while (vcenter.server.methods().filter((method) => method === 'RetrievePropertiesEx').length < 2) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    stop.abort();
    expect(await problem(asking)).toMatchObject({ kind: 'aborted' });

    await using running = await asked([info('running')]);
    const end = new AbortController();
    const waiting = awaitTask(running.client, task, { signal: end.signal, onProgress: () => end.abort() });
    expect(await problem(waiting)).toMatchObject({ kind: 'aborted' });
  });

  it('says when vCenter has forgotten it', async () => {
    await using vcenter = await asked([
      info('running'),
      fault('ManagedObjectNotFound', '<obj type="Task">task-88</obj>'),
    ]);
    expect(await awaitTask(vcenter.client, task)).toEqual({ state: 'forgotten' });
  });

  it('throws what keeps it from being read', async () => {
    const refused = `<returnval>${content('Task', 'task-88', {}, missing('info', 'NoPermission', '<privilegeId>System.View</privilegeId>'))}</returnval>`;
    await using vcenter = await asked([response('RetrievePropertiesEx', refused)]);
    expect(await problem(awaitTask(vcenter.client, task))).toMatchObject({
      kind: 'permission',
      fault: { privilegeId: 'System.View', object: task },
    });
    await using broken = await asked([fault('SystemError')]);
    expect(await problem(awaitTask(broken.client, task))).toMatchObject({
      fault: { faultType: 'SystemError' },
    });
  });

  it('works through a way that resets and stalls, against a whole vCenter', async () => {
    await using simulator = await startSimulator({ estate: smallEstate() });
    await using proxy = await startCuttingProxy({ target: simulator });
    const client = clientOf(simulator, proxy.url);
    await client.connect();
    const vm = simulator.morefs.vm('web-1');
    const { returnval } = await client.call('PowerOffVM_Task', vm, {});
    proxy.use({ kind: 'reset' }, { whenBody: /RetrievePropertiesEx/, times: 2 });
    expect(await awaitTask(client, returnval)).toMatchObject({ state: 'success' });
    await client.close();
  });
});

describe('cancelling a task', () => {
  it.each([
    ['agreed to', response('CancelTask'), true],
    ['of no use when it has ended', fault('InvalidState'), false],
    ['not possible for every task', fault('NotSupported'), false],
    [
      'of no use when it is forgotten',
      fault('ManagedObjectNotFound', '<obj type="Task">task-88</obj>'),
      false,
    ],
  ])('is %s', async (_, answer, expected) => {
    await using server = await startFakeVcenter(({ method }) =>
      method === 'CancelTask' ? answer : undefined,
    );
    const client = server.client();
    await client.connect();
    expect(await cancelTask(client, task)).toBe(expected);
  });

  it('may be refused', async () => {
    await using server = await startFakeVcenter(({ method }) =>
      method === 'CancelTask'
        ? fault('NoPermission', '<privilegeId>Global.CancelTask</privilegeId>')
        : undefined,
    );
    const client = server.client();
    await client.connect();
    expect(await problem(cancelTask(client, task))).toMatchObject({ kind: 'permission' });
  });
});

describe('a failure', () => {
  const ofFault = (faultType: string) =>
    new VsphereError({ kind: 'fault', fault: { faultType, faultString: '' } });

  it('is transient when the way broke or the server is busy, and not when it said no', () => {
    const transient = [
      new VsphereError({ kind: 'connection', code: 'ECONNRESET' }),
      new VsphereError({ kind: 'unavailable', status: 503 }),
      new VsphereError({ kind: 'timeout', phase: 'body' }),
      new VsphereError({ kind: 'cut-off', bytes: 7 }),
      ...['TaskInProgress', 'ConcurrentAccess', 'HostCommunication', 'HostNotReachable'].map(ofFault),
    ];
    expect(transient.filter((error) => !isTransient(error))).toEqual([]);
    const lasting = [
      new VsphereError({ kind: 'aborted' }),
      new VsphereError({ kind: 'permission', fault: { faultType: 'NoPermission', faultString: '' } }),
      ...['InvalidState', 'HostNotConnected', 'DuplicateName'].map(ofFault),
      new Error('a bug'),
      null,
    ];
    expect(lasting.filter(isTransient)).toEqual([]);
  });

  it('carries its fault, whatever its kind', () => {
    expect(faultOf(ofFault('X'))?.faultType).toBe('X');
    const denied = { faultType: 'NoPermission', faultString: '' };
    expect(faultOf(new VsphereError({ kind: 'permission', fault: denied }))).toBe(denied);
    expect(faultOf(new VsphereError({ kind: 'aborted' }))).toBeNull();
    expect(faultOf(new Error('x'))).toBeNull();
  });
});
