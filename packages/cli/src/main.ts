import { processTerminal } from './process-terminal.ts';
import { addWirebookCommands } from './program.ts';
import { run } from './run.ts';

process.exitCode = await run({
  name: 'wirebook',
  terminal: processTerminal(),
  arguments: process.argv.slice(2),
  addCommands: addWirebookCommands,
});
