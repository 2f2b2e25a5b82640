import { addClimcCommands } from './commands/climc.ts';
import { processTerminal } from './process-terminal.ts';
import { run } from './run.ts';

process.exitCode = await run({
  name: 'climc',
  terminal: processTerminal(),
  arguments: process.argv.slice(2),
  addCommands: addClimcCommands,
});
