import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startTestController } from '../support/controller.ts';

test('a controller stops though a client sits in the middle of its request', async () => {
  const controller = await startTestController();
  const { hostname, port } = new URL(controller.url);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  const gone = new Promise<void>((resolve) => {
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
  });
  socket.write(
    `POST /api/v1/networks HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${controller.token}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"name"`,
  );
  // Answered requests come and go beside it.
  expect((await controller.call('GET', '/healthz')).status).toBe(200);
  await controller.stop();
  await gone;
}, 20_000);
