import type { Operation } from '@wirebook/contract';
import { expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

const template = machine('ubuntu-template', [['web']], {
  template: true,
  powerState: 'poweredOff',
  tools: 'notRunning',
});

async function waitForOperation(book: EstateController, id: string): Promise<Operation> {
  for (;;) {
    const { body } = await book.controller.call<Operation>('GET', `/api/v1/operations/${id}`);
    if (body.state !== 'queued' && body.state !== 'running') return body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('a server comes up with its address', async () => {
  await using book = await startEstateController(
    labEstate([machine('web-1', [['web', '10.10.20.11/24']]), template]),
  );
  await book.createNetwork({
    name: 'web-net',
    wire: 'web',
    cidr: '10.10.20.0/24',
    gateway: '10.10.20.1',
    dns: ['10.10.20.53'],
    domain: 'lab.example',
    giving: 'all',
  });
  const begun = await book.controller.call<Operation>('POST', '/api/v1/servers', {
    name: 'web-2',
    from: 'ubuntu-template',
    nics: [{ network: 'web-net' }],
    cpus: 2,
    memoryMib: 2048,
  });
  expect(begun.status, JSON.stringify(begun.body)).toBe(202);
  const ended = await waitForOperation(book, begun.body.id);
  expect(ended.state).toBe('succeeded');
  const server = await book.server('web-2');
  expect(server.nics[0]?.records).toMatchObject([{ ip: '10.10.20.2', source: 'allocated' }]);
});
