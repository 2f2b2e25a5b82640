import { expect, test } from 'vitest';
import { smallEstate, startSimulator } from '../src/index.ts';
import { logIn, textOf } from './soap.ts';

function find(uuid: string): string {
  return `<FindByUuid xmlns="urn:vim25"><_this type="SearchIndex">SearchIndex</_this><uuid>${uuid}</uuid><vmSearch>true</vmSearch><instanceUuid>true</instanceUuid></FindByUuid>`;
}

test('a VM is found by its instance UUID, or not, also beside one whose configuration is not there', async () => {
  await using simulator = await startSimulator({ estate: smallEstate() });
  const session = await logIn(simulator);
  const known = simulator.morefs.vm('web-1');
  const uuid = textOf(await session.property(known, 'config.instanceUuid'), 'val');
  await simulator.setProperty(simulator.morefs.vm('old-1'), {
    path: 'config',
    type: 'VirtualMachineConfigInfo',
  });
  const found = await session.call(find(uuid));
  expect(textOf(found.body, 'returnval')).toBe(known.value);
  const missing = await session.call(find('00000000-0000-4000-8000-000000000000'));
  expect(missing.status).toBe(200);
  expect(missing.body).not.toContain('<returnval');
  // Whoever asks afterwards is answered.
  expect((await session.read('VirtualMachine', ['name'])).size).toBe(5);
});
