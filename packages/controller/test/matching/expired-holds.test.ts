import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(labEstate([machine('web-1', [['web', '10.7.0.4/24']])]));
});
afterAll(() => lab[Symbol.asyncDispose]());

test('a NIC whose address was held for another machine has it once that time is over, with the next sync', async () => {
  await lab.sql(`UPDATE sightings SET ended_at = now(), last_seen_at = now()`);
  await lab.createNetwork({ name: 'awaited', wire: 'spare', cidr: '10.7.0.0/24' });
  const held = await lab.controller.call('PUT', '/api/v1/networks/awaited/claims/printer', {
    ip: '10.7.0.4',
    mac: '00:00:5e:00:53:01',
    expiresAt: '2126-01-01T00:00:00Z',
  });
  expect(held.status).toBe(201);
  await lab.sql(`UPDATE sightings SET ended_at = NULL, last_seen_at = NULL`);
  await lab.controller.call('PUT', '/api/v1/networks/awaited/additional-wires', { wires: ['web'] });
  expect(await lab.reasons('web-1')).toEqual(['taken 10.7.0.4']);
  await lab.sync();
  expect(await lab.reasons('web-1')).toEqual(['taken 10.7.0.4']);

  await lab.sql(`UPDATE claims SET expires_at = now() - interval '1 second' WHERE key = 'printer'`);
  await lab.sync();
  expect(await lab.reasons('web-1')).toEqual([]);
  expect(await lab.records('web-1')).toEqual(['10.7.0.4']);
  expect(await lab.sql(`SELECT FROM conflicts WHERE ended_at IS NULL`)).toEqual([]);
});
