import { accounts } from './accounts.ts';
import { actions } from './actions.ts';
import { addresses } from './addresses.ts';
import { audit } from './audit.ts';
import { common } from './common.ts';
import { compare } from './compare.ts';
import { conflicts } from './conflicts.ts';
import { findings } from './findings.ts';
import { hosts } from './hosts.ts';
import { networks } from './networks.ts';
import { newServer } from './new-server.ts';
import { nics } from './nics.ts';
import { operations } from './operations.ts';
import { overview } from './overview.ts';
import { proposals } from './proposals.ts';
import { reservations } from './reservations.ts';
import { search } from './search.ts';
import { servers } from './servers.ts';
import { settings } from './settings.ts';
import { shell } from './shell.ts';
import { signIn } from './sign-in.ts';
import { spaces } from './spaces.ts';
import { start } from './start.ts';
import { states } from './states.ts';
import { syncRuns } from './sync-runs.ts';
import { unresolved } from './unresolved.ts';
import { why } from './why.ts';
import { wires } from './wires.ts';
import { wirePicture } from './wire-picture.ts';

/** What the page says, a file for each of its parts. */
export const page = {
  accounts,
  actions,
  addresses,
  audit,
  common,
  compare,
  conflicts,
  findings,
  hosts,
  networks,
  newServer,
  nics,
  operations,
  overview,
  proposals,
  reservations,
  search,
  servers,
  settings,
  shell,
  signIn,
  spaces,
  start,
  states,
  syncRuns,
  unresolved,
  why,
  wires,
  wirePicture,
} as const;
