import { type About, readCertificate, type Trust, type VsphereClient, VsphereError } from '@wirebook/vsphere';
import {
  type Connection,
  GateError,
  type ShownCertificate,
  type VcenterGate,
  type VcenterIdentity,
} from '../app/vcenter-gate.ts';
import { collectFabric, collectServers, type CollectOptions } from './collect.ts';
import { describeFailure } from './failure.ts';
import { observeFabric } from './fabric.ts';
import { buildInventoryTree } from './inventory-tree.ts';
import type { Complaints } from './observations.ts';
import { indexWires } from './book.ts';
import { observeServer } from './server-observation.ts';

export type ClientOpener = (connection: Connection) => VsphereClient;

const PRIVILEGES_SHOWN = 20;

export function trustOf(connection: { trustSha256: string | null; insecure: boolean }): Trust {
  if (connection.insecure) return { kind: 'insecure' };
  return connection.trustSha256 === null
    ? { kind: 'ca' }
    : { kind: 'fingerprint', sha256: connection.trustSha256 };
}

/** The conversation with a vCenter that isn't an account yet. */
export function openGate(openClient: ClientOpener): VcenterGate {
  const talk = async <T>(
    connection: Connection,
    signal: AbortSignal,
    work: (client: VsphereClient, identity: VcenterIdentity) => Promise<T>,
  ): Promise<T> => {
    const client = openClient(connection);
    try {
      const about = await client.connect({ signal });
      return await work(client, await identityOf(client, about, signal));
    } catch (error) {
      throw await toGateError(error, connection, signal);
    } finally {
      await client.close();
    }
  };
  return {
    certificate: async (url, signal) => {
      try {
        return await showCertificate(url, signal);
      } catch (error) {
        const nobody = { url, username: '', password: '', trustSha256: null, insecure: true };
        throw await toGateError(error, nobody, signal);
      }
    },
    identify: (connection, signal) => talk(connection, signal, (_, identity) => Promise.resolve(identity)),
    preview: (connection, signal) =>
      talk(connection, signal, async (client, identity) => {
        const certificate = await showCertificate(connection.url, signal);
        return { ...identity, certificate, ...(await countInventory(client, identity.kind, signal)) };
      }),
  };
}

/** A vCenter is known by its instance UUID, a standalone ESXi by the UUID of its hardware. */
export async function identityOf(
  client: VsphereClient,
  about: About,
  signal: AbortSignal,
): Promise<VcenterIdentity> {
  const kind = about.apiType === 'VirtualCenter' ? 'vcenter' : 'esxi';
  const identity = { kind, name: about.name, version: about.version, apiVersion: about.apiVersion } as const;
  if (kind === 'vcenter' && about.instanceUuid !== undefined)
    return { ...identity, instanceUuid: about.instanceUuid.toLowerCase() };
  for await (const page of client.readObjects({
    type: 'HostSystem',
    properties: ['hardware.systemInfo.uuid'],
    signal,
  })) {
    const uuid = page.objects[0]?.props['hardware.systemInfo.uuid'];
    if (uuid !== undefined) return { ...identity, instanceUuid: uuid.toLowerCase() };
  }
  throw new GateError(
    { code: 'privileges_missing', params: { username: '-', privilege: 'System.Read', object: 'HostSystem' } },
    null,
  );
}

async function showCertificate(url: string, signal: AbortSignal): Promise<ShownCertificate> {
  const { sha256, subject, issuer, validFrom, validTo, trustedByCa } = await readCertificate({ url, signal });
  return { sha256, subject, issuer, validFrom, validTo, trustedByCa };
}

async function toGateError(error: unknown, connection: Connection, signal: AbortSignal): Promise<unknown> {
  const failure = describeFailure(error, connection);
  if (failure === null) return error;
  const untrusted = failure.status === 'untrusted';
  let certificate: ShownCertificate | null = null;
  if (untrusted) {
    try {
      certificate = await showCertificate(connection.url, signal);
    } catch (shown) {
      // Without the certificate the refusal still stands; only the fingerprint to compare is missing.
      if (!(shown instanceof VsphereError)) return shown;
    }
  }
  const params = { ...failure.params };
  if (failure.code === 'certificate_not_trusted' && certificate !== null) {
    params['sha256'] = certificate.sha256;
    params['subject'] = certificate.subject;
  }
  return new GateError({ code: failure.code, params }, certificate);
}

async function countInventory(client: VsphereClient, kind: 'vcenter' | 'esxi', signal: AbortSignal) {
  const complaints: Complaints = [];
  const options: CollectOptions = {
    client,
    kind,
    signal,
    complaints,
    unread: new Set(),
    onProgress: () => undefined,
  };
  const reading = await collectFabric(options);
  const tree = buildInventoryTree(reading.folders);
  const observed = observeFabric(reading, tree, new Set());
  const nothingKnown = { hosts: new Map(), switches: new Map(), wires: new Map() };
  const wires = indexWires({ reading, observed, known: nothingKnown, tree });
  const counts = {
    hosts: observed.hosts.length,
    virtualSwitches: observed.switches.length,
    wires: observed.wires.filter((wire) => wire.purpose === 'vm').length,
    servers: 0,
    nics: 0,
    addresses: 0,
  };
  for await (const page of collectServers(options)) {
    for (const server of page) {
      const { config } = observeServer(server, { tree, wires, clusterOf: () => null, complaints });
      counts.servers += 1;
      counts.nics += config?.nics.length ?? 0;
      counts.addresses += config?.addresses.filter((address) => address.candidate).length ?? 0;
    }
  }
  const missingPrivileges = complaints
    .filter((complaint) => complaint.code === 'no_privilege')
    .slice(0, PRIVILEGES_SHOWN)
    .map((complaint) => ({
      object: complaint.object,
      privilege: String(complaint.params['privilege'] ?? 'System.Read'),
    }));
  return { counts, missingPrivileges };
}
