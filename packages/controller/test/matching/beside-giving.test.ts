import type { Address, FixResult } from '@wirebook/contract';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** Addresses are given out and taken back while a sync is about to write who has them. */

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate(
      ['taken', 'freed', 'expiring', 'lasting', 'waiting', 'fixed', 'unlucky'].map((name) =>
        machine(name, [['web']]),
      ),
    ),
  );
  await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/16' });
});
afterAll(() => lab[Symbol.asyncDispose]());

/** Somebody whose transaction is open. */
let other: Client;
let pid: number;
beforeEach(async () => {
  other = new Client({ connectionString: lab.controller.databaseUrl });
  other.on('error', () => undefined);
  await other.connect();
  const { rows } = await other.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  pid = rows[0]?.pid ?? 0;
});
afterEach(() => other.end());

const report = (vm: string, ip: string): Promise<void> =>
  lab.simulator.setGuestNet(vm, [
    { deviceConfigId: 4000, connected: true, addresses: [{ ip, prefixLength: 16 }] },
  ]);
const address = async (ip: string): Promise<Address> =>
  (await lab.controller.call<Address>('GET', `/api/v1/addresses/${ip}`)).body;
const holding = `INSERT INTO claims (space_id, ip, network_id, network_name, source, key, expires_at, started_at)
  SELECT space_id, $1, id, name, 'allocated', $2, $3::timestamptz, now() - interval '1 hour' FROM networks WHERE name = 'web'`;

/** Until somebody waits for what `other` has not yet committed. */
async function somebodyWaits(): Promise<void> {
  for (;;) {
    const rows = await lab.sql(
      `SELECT 1 FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid)) AND datname = current_database()`,
      [pid],
    );
    if (rows.length > 0) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('an address that a sync is about to write down', () => {
  test('and that is given out at this moment: the NIC takes the hold over', async () => {
    await report('taken', '10.1.1.1');
    await other.query('BEGIN');
    await other.query(holding, ['10.1.1.1', 'vm-1', null]);
    const synced = lab.sync();
    await somebodyWaits();
    await other.query('COMMIT');
    await synced;
    expect(await address('10.1.1.1')).toMatchObject({
      key: 'vm-1',
      source: 'allocated',
      server: { name: 'taken' },
      history: [{ server: { name: 'taken' } }],
    });
    expect(await lab.reasons('taken')).toEqual([]);
  });

  test('and whose hold is taken back at this moment: the NIC has a record of its own', async () => {
    await other.query(holding, ['10.1.1.2', 'vm-2', null]);
    await report('freed', '10.1.1.2');
    await other.query('BEGIN');
    await other.query(
      `UPDATE claims SET ended_at = now(), end_reason = 'released' WHERE ip = '10.1.1.2' AND ended_at IS NULL`,
    );
    const synced = lab.sync();
    await somebodyWaits();
    await other.query('COMMIT');
    await synced;
    const { history, source, key } = await address('10.1.1.2');
    expect({ source, key }).toEqual({ source: 'tools', key: null });
    expect(history.map((one) => `${one.server?.name ?? '-'} ${one.ended}`)).toEqual([
      'freed null',
      '- released',
    ]);
  });

  test('and whose hold was over: it ended when its time was over, and the NIC has a record of its own', async () => {
    const over = new Date(Date.now() - 60_000).toISOString();
    await other.query(holding, ['10.1.1.3', 'vm-3', over]);
    await report('expiring', '10.1.1.3');
    await lab.sync();
    const { history, source } = await address('10.1.1.3');
    expect(source).toBe('tools');
    expect(history.map((one) => `${one.server?.name ?? '-'} ${one.ended}`)).toEqual([
      'expiring null',
      '- expired',
    ]);
    expect(history[1]?.to).toBe(over);
  });

  test('and whose hold still has time: taken over, it ends no more by itself', async () => {
    await other.query(holding, ['10.1.1.4', 'vm-4', new Date(Date.now() + 600_000).toISOString()]);
    await report('lasting', '10.1.1.4');
    await lab.sync();
    expect(await lab.sql(`SELECT expires_at FROM claims WHERE ip = '10.1.1.4'`)).toEqual([
      { expires_at: null },
    ]);
  });

  test('and whose hold gets more time at this moment, when it was over: it is taken over', async () => {
    await other.query(holding, ['10.1.1.5', 'vm-5', new Date(Date.now() - 1000).toISOString()]);
    await report('waiting', '10.1.1.5');
    await other.query('BEGIN');
    await other.query(`UPDATE claims SET expires_at = now() + interval '1 hour' WHERE ip = '10.1.1.5'`);
    const synced = lab.sync();
    await somebodyWaits();
    await other.query('COMMIT');
    await synced;
    expect(await address('10.1.1.5')).toMatchObject({ key: 'vm-5', server: { name: 'waiting' } });
  });
});

describe('a transaction that the database undoes for another', () => {
  /** The next so many who write a claim are told that they and another waited for each other. */
  async function letFail(times: number): Promise<void> {
    await lab.sql('CREATE SEQUENCE IF NOT EXISTS unlucky');
    await lab.sql(`ALTER SEQUENCE unlucky RESTART`);
    await lab.sql(`
      CREATE OR REPLACE FUNCTION be_unlucky() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF nextval('unlucky') <= ${times} THEN RAISE EXCEPTION USING ERRCODE = 'deadlock_detected'; END IF;
        RETURN NULL;
      END $$`);
    await lab.sql(
      `CREATE OR REPLACE TRIGGER claims_unlucky AFTER INSERT ON claims EXECUTE FUNCTION be_unlucky()`,
    );
  }
  afterEach(() => lab.sql('DROP TRIGGER IF EXISTS claims_unlucky ON claims'));

  test('is done again: a sync has succeeded, and its changes count once', async () => {
    await report('unlucky', '10.1.2.1');
    await letFail(2);
    const run = await lab.controller.sync(lab.account);
    expect(run.body).toMatchObject({
      state: 'succeeded',
      changes: { servers: { updated: 1 }, records: { created: 1, ended: 0 } },
    });
    expect(await lab.sql(`SELECT last_value::int AS tries FROM unlucky`)).toEqual([{ tries: 3 }]);
    expect(await lab.records('unlucky')).toEqual(['10.1.2.1']);
  });

  test('so is what a person asked for, with one line in the audit trail', async () => {
    await letFail(2);
    const fixed = await lab.controller.call<FixResult>('POST', '/api/v1/servers/fixed/fix-nics', {
      ips: ['10.1.2.2'],
    });
    expect(fixed.body, JSON.stringify(fixed.body)).toMatchObject({ fixed: 1 });
    expect(await lab.sql(`SELECT 1 FROM events WHERE action = 'fix_nics'`)).toHaveLength(1);
  });

  test('one that fails again and again ends all the same, and leaves nothing', async () => {
    await letFail(1000);
    const failed = await lab.controller.call('POST', '/api/v1/servers/fixed/fix-nics', {
      ips: ['10.1.2.2', '10.1.2.3'],
    });
    expect(failed.status).toBeGreaterThanOrEqual(400);
    expect(await lab.records('fixed')).toEqual(['10.1.2.2']);
  });
});
