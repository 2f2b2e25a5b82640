import { Client } from 'pg';

/**
 * One connection on which statements are sent without waiting for the answers of those before. They are carried out one after another,
 * each in a transaction of its own; the database goes from one to the next without a round trip in between. Connects when it is first
 * needed, and anew after the connection broke.
 */
export interface Pipeline {
  query<Row extends object>(text: string, values: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export function openPipeline(options: { url: string; onError: (error: Error) => void }): Pipeline {
  let connection: Promise<Client> | null = null;
  const connect = async (): Promise<Client> => {
    const client = new Client({
      connectionString: options.url,
      connectionTimeoutMillis: 10_000,
      application_name: 'wirebook-pipeline',
      keepAlive: true,
      pipeline: true,
    });
    const forget = (): void => {
      connection = null;
    };
    // Those who wait hear of it through their query.
    client.on('error', (error) => {
      forget();
      options.onError(error);
    });
    client.on('end', forget);
    await client.connect();
    return client;
  };
  const current = (): Promise<Client> => {
    connection ??= connect().catch((error: unknown) => {
      connection = null;
      throw error;
    });
    return connection;
  };
  return {
    query: async <Row extends object>(text: string, values: readonly unknown[]): Promise<Row[]> => {
      const client = await current();
      return (await client.query<Row>(text, [...values])).rows;
    },
    close: async () => {
      const open = await connection?.catch(() => null);
      await open?.end();
    },
  };
}
