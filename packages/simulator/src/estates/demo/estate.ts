import type { Estate } from '../../estate.ts';
import { frankfurt } from './frankfurt.ts';
import { shanghai } from './shanghai.ts';

/**
 * A vCenter as an administrator would recognize it: two sites and about
 * ninety VMs, and among them every oddity that a reader has to survive. Each
 * stands with a comment in the files beside.
 */
export function demoEstate(): Estate {
  return {
    kind: 'vcenter',
    name: 'vc-corp.corp.example',
    instanceUuid: '6f1d2b7c-30d8-4c55-9a3e-2f4be1c07a10',
    version: '8.0.3',
    build: '24022515',
    datacenters: [shanghai(), frankfurt()],
  };
}
