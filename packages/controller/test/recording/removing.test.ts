import type { Why } from '@wirebook/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bindAddresses, removeServerFromBook } from '../../src/app/server-records.ts';
import { newId } from '../../src/domain/ids.ts';
import { labEstate, machine } from '../support/lab-estate.ts';
import { type RecordingLab, startRecordingLab } from './recording-lab.ts';

/** A server that we have deleted in vCenter is gone from the book at once, with its addresses; its history stays. */

let it: RecordingLab;
beforeAll(async () => {
  it = await startRecordingLab(
    labEstate([
      machine('whole', [['web', '10.1.0.11/16'], ['twin']], { gateway: '10.1.0.99' }),
      machine('holder', [['web', '10.1.0.12/16']]),
      machine('claimant', [['web', '10.1.0.12/16']]),
      machine('late', [['web', '10.1.0.13/16']]),
      machine('early', [['web', '10.1.0.13/16']]),
      machine('guest-on-twin', [['twin', '10.1.0.14/16']]),
      machine('stray', [['db', '10.9.9.9/24']]),
      machine('origin', [['web', '10.1.0.15/16']]),
      machine('echo', [['spare', '10.1.0.15/16']]),
      machine('moved', [['web', '10.1.0.16/16']]),
      machine('silent', [['web']]),
    ]),
  );
  await it.lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/16' });
});
afterAll(() => it[Symbol.asyncDispose]());

const operationId = newId();
const remove = (serverId: string) =>
  it.inTx((tx) => removeServerFromBook(tx, { serverId, now: new Date(), actor: 'somebody', operationId }));
/** Destroys it in vCenter and notes it; then that a second time changes nothing, nor does a complete run. */
async function removeWhole(name: string): Promise<{ id: string; ips: string[] }> {
  const { id } = await it.lab.server(name);
  await it.lab.simulator.removeVm(name);
  const ips = (await remove(id)).map(({ ip }) => ip).toSorted();
  const settled = await it.book.digests();
  expect(await remove(id)).toEqual([]);
  expect(await it.book.digests()).toEqual(settled);
  await it.lab.sync();
  expect(await it.book.digests()).toEqual(settled);
  expect(await it.orphans()).toEqual([]);
  return { id, ips };
}
const openConflicts = (): Promise<object[]> =>
  it.lab.sql(`SELECT host(ip) AS ip FROM conflicts WHERE ended_at IS NULL ORDER BY ip`);

describe('a server that we have deleted', () => {
  test('is missing with its NICs, has no address of any source any more, and leaves one line in the trail', async () => {
    const server = await it.lab.server('whole');
    const [claim] = await it.take('web', 1);
    if (claim === undefined) throw new Error('nothing was given');
    await it.inTx((tx) =>
      bindAddresses(tx, {
        serverId: server.id,
        bindings: [{ claimId: claim.id, mac: server.nics[1]?.mac ?? '' }],
        now: new Date(),
      }),
    );
    const fixed = await it.lab.controller.call('POST', '/api/v1/servers/whole/fix-nics', {
      nics: [{ mac: server.nics[0]?.mac, ip: '10.1.0.77' }],
    });
    expect(fixed.status, JSON.stringify(fixed.body)).toBe(200);
    const { ips } = await removeWhole('whole');
    expect(ips).toEqual(['10.1.0.11', '10.1.0.77', claim.ip].toSorted());
    expect((await it.lab.server('whole')).missingSince).not.toBeNull();
    expect(
      await it.lab.sql(
        `SELECT n.missing_since IS NOT NULL AS gone, count(r.*)::int AS reasons FROM nics n LEFT JOIN nic_reasons r ON r.nic_id = n.id
         WHERE n.server_id = $1 GROUP BY n.id`,
        [server.id],
      ),
    ).toEqual([
      { gone: true, reasons: 0 },
      { gone: true, reasons: 0 },
    ]);
    expect(
      await it.lab.sql(
        `SELECT actor, object_kind AS kind, object_name AS name, before, after FROM events WHERE action = 'delete'`,
      ),
    ).toEqual([
      {
        actor: 'somebody',
        kind: 'server',
        name: 'whole',
        before: { moref: it.lab.simulator.morefs.vm('whole').value, ips: expect.arrayContaining(ips) },
        after: { operation: operationId },
      },
    ]);
  });

  test('is named in the answer to why an address is free', async () => {
    const why = async (language: string): Promise<string> => {
      const answer = await it.lab.controller.call<Why>('GET', '/api/v1/why?of=10.1.0.11', undefined, {
        'accept-language': language,
      });
      return JSON.stringify(answer.body);
    };
    expect(await it.history('10.1.0.11')).toEqual(['whole server_deleted']);
    expect(await why('en')).toContain('its server was deleted');
    expect(await why('zh')).toContain('其虚拟机已删除');
  });

  test('is a gateway to nobody and reports nothing any more', async () => {
    expect(await it.lab.sql(`SELECT FROM known_addresses WHERE ip = '10.1.0.99'`)).toEqual([]);
    expect(await it.lab.sql(`SELECT FROM sightings WHERE ip = '10.1.0.11' AND ended_at IS NULL`)).toEqual([]);
  });

  test('leaves its address to who reports it too, and the conflict is over', async () => {
    expect(await openConflicts()).toEqual([{ ip: '10.1.0.12' }, { ip: '10.1.0.13' }]);
    const [[holder]] = [await it.holders('10.1.0.12')];
    const first = holder?.includes('holder') ? 'holder' : 'claimant';
    const second = first === 'holder' ? 'claimant' : 'holder';
    await removeWhole(first);
    expect(await it.lab.records(second)).toEqual(['10.1.0.12']);
    expect(await it.history('10.1.0.12')).toEqual([`${second} lives`, `${first} server_deleted`]);
    expect(await openConflicts()).toEqual([{ ip: '10.1.0.13' }]);
  });

  test('that claimed the address of another claims it no more', async () => {
    const [holder = ''] = await it.holders('10.1.0.13');
    const claimant = holder.includes('late') ? 'early' : 'late';
    const { ips } = await removeWhole(claimant);
    expect(ips).toEqual([]);
    expect(await openConflicts()).toEqual([]);
    expect(await it.holders('10.1.0.13')).toEqual([holder]);
  });

  test('between which and another an address went to and fro is in no conflict any more', async () => {
    await it.lab.sql(
      `INSERT INTO conflicts (space_id, ip, kind, claim_id, nic_id, started_at)
       SELECT c.space_id, c.ip, 'moving', c.id, n.id, now() FROM claims c, nics n JOIN servers s ON s.id = n.server_id
       WHERE c.ip = '10.1.0.16' AND c.ended_at IS NULL AND s.name = 'silent'`,
    );
    expect(await openConflicts()).toEqual([{ ip: '10.1.0.16' }]);
    await removeWhole('moved');
    expect(await openConflicts()).toEqual([]);
  });

  test('was the evidence for a wire of a network: the wire is neither detected nor suggested any more', async () => {
    const wires = (): Promise<object[]> =>
      it.lab.sql(
        `SELECT w.name, l.origin FROM network_wires l JOIN wires w ON w.id = l.wire_id WHERE l.origin <> 'primary' ORDER BY 1`,
      );
    const [suggested, detected] = [
      { name: 'spare', origin: 'suggested' },
      { name: 'twin', origin: 'detected' },
    ];
    expect(await wires()).toEqual([suggested, detected]);
    await removeWhole('guest-on-twin');
    expect(await wires()).toEqual([suggested]);
    // Nothing that it reported was ever its own.
    const { ips } = await removeWhole('echo');
    expect(ips).toEqual([]);
    expect(await wires()).toEqual([]);
  });

  test('and that no network knew is missing all the same; one that a run found missing first lets go of what it had', async () => {
    await removeWhole('stray');
    expect((await it.lab.server('stray')).tags).toEqual({});
    const { id } = await it.lab
      .server('late')
      .then((late) => (late.missingSince === null ? late : it.lab.server('early')));
    const name =
      (await it.lab.sql<{ name: string }>(`SELECT name FROM servers WHERE id = $1`, [id]))[0]?.name ?? '';
    await it.lab.simulator.removeVm(name);
    await it.lab.sync();
    expect(await it.orphans()).toEqual(['claim 10.1.0.13']);
    expect((await remove(id)).map(({ ip }) => ip)).toEqual(['10.1.0.13']);
    expect(await it.orphans()).toEqual([]);
  });

  test('and that was never in the book is nothing to do', async () => {
    expect(await remove(newId())).toEqual([]);
  });
});
