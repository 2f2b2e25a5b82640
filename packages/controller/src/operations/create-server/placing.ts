import type { PlacementInput } from '../../domain/placement/facts.ts';
import { type HostPlace, placeServer } from '../../domain/placement/placing.ts';
import { askDrs, drsClusterOf } from '../ask-drs.ts';
import { StepFailure } from '../failure.ts';
import { machineRef, readMachine } from '../machines.ts';
import { readPlacementInput } from '../placement-input.ts';
import type { Step, StepRun } from '../step.ts';
import { cloneSpecOf } from './clone-spec.ts';
import type { ChosenPlace, CreateFacts, CreateInput } from './facts.ts';

const HOSTS_SHOWN = 5;

/** Looks once more and settles where the server is made: where it was asked for, unless that has ceased to fit. */
export const placeStep: Step<CreateFacts> = {
  name: 'place',
  act: async (run) => {
    const input = inputOf(run);
    if (run.facts.place !== undefined) return placed(run.facts.place);
    const client = await run.vcenter();
    const read = await readPlacementInput(
      { db: run.db, client, signal: run.signal },
      {
        accountId: run.account.id,
        source: input.source.moref,
        nics: input.nics.map((nic) => ({
          networkIds: nic.addresses.map(({ networkId }) => networkId),
          wireId: nic.wireId,
        })),
        place: input.place,
        cpus: input.cpus,
        memoryMib: input.memoryMib,
        diskGib: input.diskGib,
        linked: input.linked,
        operationId: run.operation.id,
      },
    );
    if (!read.ok)
      throw new StepFailure(read.why === 'source_gone' ? 'source_gone' : 'place_gone', {
        source: input.source.name,
      });
    const { verdicts, choice, refusals } = placeServer(read.input);
    const preferred = verdicts.find(
      (verdict): verdict is HostPlace =>
        verdict.ok &&
        verdict.host.moref === run.facts.preferred?.host &&
        verdict.datastore.moref === run.facts.preferred.datastore,
    );
    const best = preferred ?? choice;
    if (best === null) {
      const [first] = refusals;
      if (first === undefined) throw new StepFailure('place_gone', { source: input.source.name });
      const { code: reason, params } = first.reason;
      throw new StepFailure('no_host_left', {
        ...params,
        reason,
        hosts: first.hosts.slice(0, HOSTS_SHOWN).join(', '),
      });
    }
    const byDrs = await chooseByDrs(
      run,
      read.input,
      verdicts.filter((verdict) => verdict.ok),
    );
    const place = toPlace(byDrs ?? best);
    await run.remember({ place });
    if (byDrs === null) return placed(place);
    return { code: 'placed_by_drs', params: { host: place.hostName, cluster: input.place.compute ?? '-' } };
  },
};

/** Where a cluster is named and no host, and it chooses by itself, it is asked, among the hosts that can. */
async function chooseByDrs(
  run: StepRun<CreateFacts>,
  input: PlacementInput,
  places: readonly HostPlace[],
): Promise<HostPlace | null> {
  const cluster = drsClusterOf(input.facts, input.wish);
  if (cluster === null) return null;
  const { name, source } = inputOf(run);
  const client = await run.vcenter();
  const original = await readMachine(client, source.moref, run.signal);
  const answer = await askDrs(client, {
    cluster,
    places,
    source: machineRef(source.moref),
    name,
    cloneSpec: (place) =>
      cloneSpecOf({
        place: toPlace(place),
        devices: original?.hardware?.device ?? [],
        snapshot: null,
        operationId: run.operation.id,
      }),
    signal: run.signal,
  });
  if (answer.ok) return answer.place;
  const [fault] = answer.faults;
  await run.log({
    code: 'drs_silent',
    params: { fault: fault?.faultType ?? '-', message: fault?.faultString ?? '-' },
  });
  return null;
}

function toPlace(place: HostPlace): ChosenPlace {
  return {
    host: place.host.moref,
    hostName: place.host.name,
    pool: place.pool,
    datastore: place.datastore.moref,
    datastoreName: place.datastore.name,
    folder: place.folder,
    nics: place.nics.map(({ wireId, wireName, binding }) => ({ wireId, wireName, binding })),
  };
}

const placed = (place: ChosenPlace) => ({
  code: 'placed',
  params: { host: place.hostName, datastore: place.datastoreName },
});

/** The operation's own input: it was written by the desk, in this shape. */
export function inputOf(run: { operation: { input: unknown } }): CreateInput {
  return run.operation.input as CreateInput;
}

export function placeOf(run: { facts: Partial<CreateFacts> }): ChosenPlace {
  if (run.facts.place === undefined) throw new Error('nothing was placed yet');
  return run.facts.place;
}

export function vmOf(run: { facts: Partial<CreateFacts> }): string {
  if (run.facts.vm === undefined) throw new Error('there is no virtual machine yet');
  return run.facts.vm;
}
