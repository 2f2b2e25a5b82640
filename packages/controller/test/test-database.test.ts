import { Client } from 'pg';
import { describe, expect, test } from 'vitest';
import { createTestDatabase } from './support/test-database.ts';

describe('a test database', () => {
  test('is separate from every other one, in UTF-8 with byte-wise collation, and gone after drop', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    const client = new Client({ connectionString: one.url });
    const stranger = new Client({ connectionString: other.url });
    try {
      await Promise.all([client.connect(), stranger.connect()]);
      await client.query('CREATE TABLE only_here (id int)');
      const found = "SELECT to_regclass('only_here')::text AS found";
      expect((await client.query(found)).rows).toEqual([{ found: 'only_here' }]);
      expect((await stranger.query(found)).rows).toEqual([{ found: null }]);
      const settings = await client.query(
        'SELECT pg_encoding_to_char(encoding) AS encoding, datlocprovider AS provider, datlocale AS locale FROM pg_database WHERE datname = current_database()',
      );
      expect(settings.rows).toEqual([{ encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8' }]);
    } finally {
      await Promise.all([client.end(), stranger.end()]);
      await Promise.all([one.drop(), other.drop()]);
    }
    await expect(new Client({ connectionString: one.url }).connect()).rejects.toMatchObject({
      code: '3D000',
    });
  });
});
