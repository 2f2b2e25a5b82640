import { lockDataFolder, startEmbeddedDatabase } from '../../src/embedded-database/index.ts';

/** A process that holds a data folder and runs its database, for tests to kill. Says so in one line of JSON. */
const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error('the data folder is missing');
const lock = await lockDataFolder(dataDir, { describe: () => 'a controller under test' });
const database = await startEmbeddedDatabase({ dataDir, log: (line) => process.stderr.write(`${line}\n`) });
await lock.update({ url: 'http://127.0.0.1:1' });
process.stdout.write(`${JSON.stringify({ url: database.url })}\n`);
setInterval(() => undefined, 60_000);
