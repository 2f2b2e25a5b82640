import type { Command } from 'commander';
import { addSpaceCommands } from './commands/address-spaces.ts';
import { addAddressCommands } from './commands/addresses.ts';
import { addAccountCommands } from './commands/cloud-accounts.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addConflictCommands } from './commands/conflicts.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEventCommands } from './commands/events.ts';
import { addFindingCommands } from './commands/findings.ts';
import { addHostCommands } from './commands/hosts.ts';
import { addImportCommands } from './commands/imports.ts';
import { addLoginCommand } from './commands/login.ts';
import { addNetworkCommands } from './commands/networks.ts';
import { addNicCommands } from './commands/nics.ts';
import { addProposalCommands } from './commands/proposals.ts';
import { addReservationCommands } from './commands/reservations.ts';
import { addServerCommands } from './commands/servers.ts';
import { addStatusCommand } from './commands/status.ts';
import { addSyncCommands } from './commands/sync-runs.ts';
import { addSwitchCommands } from './commands/virtual-switches.ts';
import { addWhyCommand } from './commands/why.ts';
import { addWireCommands } from './commands/wires.ts';
import type { Shell } from './session.ts';

/** Everything that `wirebook` can do, in the order in which help shows it. */
export function addWirebookCommands(program: Command, shell: Shell): void {
  addAccountCommands(program, shell);
  addSyncCommands(program, shell);
  addHostCommands(program, shell);
  addSwitchCommands(program, shell);
  addWireCommands(program, shell);
  addNetworkCommands(program, shell);
  addProposalCommands(program, shell);
  addReservationCommands(program, shell);
  addServerCommands(program, shell);
  addNicCommands(program, shell);
  addAddressCommands(program, shell);
  addConflictCommands(program, shell);
  addFindingCommands(program, shell);
  addImportCommands(program, shell);
  addWhyCommand(program, shell);
  addSpaceCommands(program, shell);
  addEventCommands(program, shell);
  addStatusCommand(program, shell);
  addDoctorCommand(program, shell);
  addLoginCommand(program, shell);
  addCompletionCommand(program, shell);
}
