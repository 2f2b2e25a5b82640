import { describe, expect, test } from 'vitest';
import type { LiveFacts } from '../../src/domain/placement/facts.ts';
import { type NamedPlace, resolvePlace } from '../../src/domain/placement/resolving.ts';
import { datastore, facts, host } from './worlds.ts';

/** What a request names is found in vCenter, and never the wrong one of two. */

const cluster = (moref: string, name: string, datacenter: string) =>
  ({ moref, name, kind: 'cluster', drs: false, datacenter, rootPool: `p-${moref}` }) as const;
const live: LiveFacts = facts({
  hosts: [host('host-1', { compute: 'c-1' }), host('host-2', { compute: 'c-3', datacenter: 'dc-2' })],
  computes: [cluster('c-1', 'Prod', 'dc-1'), cluster('c-2', 'Lab', 'dc-1'), cluster('c-3', 'Prod', 'dc-2')],
  datastores: [
    datastore('d-1', [], { name: 'ssd' }),
    datastore('d-2', [], { name: 'ssd', datacenter: 'dc-2' }),
    datastore('d-3', [], { name: 'hdd' }),
  ],
  pools: [
    { moref: 'p-c-1', name: 'Resources', compute: 'c-1', path: '' },
    { moref: 'p-c-2', name: 'Resources', compute: 'c-2', path: '' },
    { moref: 'p-1', name: 'Test', compute: 'c-1', path: 'Test' },
    { moref: 'p-2', name: 'Test', compute: 'c-2', path: 'Team/Test' },
  ],
  folders: [
    { moref: 'f-1', name: 'vm', datacenter: 'dc-1', path: '' },
    { moref: 'f-2', name: 'Web', datacenter: 'dc-1', path: 'Web' },
    { moref: 'f-3', name: 'Web', datacenter: 'dc-1', path: 'Old/Web' },
    { moref: 'f-4', name: 'Archive', datacenter: 'dc-1', path: 'Old/Archive' },
    { moref: 'f-5', name: 'Old', datacenter: 'dc-1', path: 'Old' },
    { moref: 'f-6', name: 'Old', datacenter: 'dc-2', path: 'Old' },
  ],
});

function resolve(named: NamedPlace): unknown {
  const resolved = resolvePlace(live, named);
  if (!resolved.ok) return resolved.refusals;
  return Object.fromEntries(Object.entries(resolved.place).filter(([, moref]) => moref !== null));
}

test('objects are found by managed object id, path, the end of a path, and name', () => {
  expect(resolve({})).toEqual({});
  expect(resolve({ datastore: 'd-2' })).toEqual({ datastore: 'd-2' });
  expect(resolve({ datastore: 'Abroad/ssd' })).toEqual({ datastore: 'd-2' });
  expect(resolve({ datastore: 'hdd' })).toEqual({ datastore: 'd-3' });
  expect(resolve({ datastore: ' HDD ' })).toEqual({ datastore: 'd-3' });
  expect(resolve({ host: 'esx-host-2', compute: 'Abroad/Prod', datacenter: 'Abroad' })).toEqual({
    host: 'host-2',
    compute: 'c-3',
    datacenter: 'dc-2',
  });
  expect(resolve({ folder: 'Old/Archive' })).toEqual({ folder: 'f-4' });
  expect(resolve({ folder: 'Archive' })).toEqual({ folder: 'f-4' });
  expect(resolve({ pool: 'Home/Lab/Team/Test' })).toEqual({ pool: 'p-2' });
  expect(resolve({ pool: 'Prod/Resources' })).toEqual({ pool: 'p-c-1' });
});

test('a path wins over a name: the folder at the top over one of that name below', () => {
  expect(resolve({ folder: 'Web' })).toEqual({ folder: 'f-2' });
  // The folder of a datacenter itself.
  expect(resolve({ folder: 'Home' })).toEqual({ folder: 'f-1' });
});

describe('a name that several have', () => {
  test('is refused with all of them', () => {
    expect(resolve({ compute: 'Prod', datastore: 'ssd' })).toEqual([
      {
        field: 'compute',
        code: 'ambiguous',
        value: 'Prod',
        candidates: [
          { moref: 'c-3', path: 'Abroad/Prod' },
          { moref: 'c-1', path: 'Home/Prod' },
        ],
      },
      {
        field: 'datastore',
        code: 'ambiguous',
        value: 'ssd',
        candidates: [
          { moref: 'd-2', path: 'Abroad/ssd' },
          { moref: 'd-1', path: 'Home/ssd' },
        ],
      },
    ]);
  });

  test('means the one that lies where the other names point to', () => {
    expect(resolve({ datacenter: 'Abroad', compute: 'Prod', datastore: 'ssd', folder: 'Old' })).toEqual({
      datacenter: 'dc-2',
      compute: 'c-3',
      datastore: 'd-2',
      folder: 'f-6',
    });
    expect(resolve({ host: 'esx-host-1', datastore: 'ssd' })).toEqual({ host: 'host-1', datastore: 'd-1' });
    // Also where elsewhere the path alone would do.
    expect(resolve({ compute: 'Lab', pool: 'Test' })).toEqual({ compute: 'c-2', pool: 'p-2' });
    expect(resolve({ compute: 'Home/Prod', pool: 'Test' })).toEqual({ compute: 'c-1', pool: 'p-1' });
  });
});

test('what lies elsewhere than the other names point to is found all the same: the hosts then say that it is not theirs', () => {
  expect(resolve({ compute: 'Lab', datastore: 'd-2' })).toEqual({ compute: 'c-2', datastore: 'd-2' });
});

test('a name that nothing has is refused', () => {
  expect(resolve({ pool: 'Gold', folder: 'Web' })).toEqual([
    { field: 'pool', code: 'unknown', value: 'Gold' },
  ]);
});
