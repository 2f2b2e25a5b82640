import type { Server } from '@wirebook/contract';

/** An Ansible inventory as its YAML has it: hosts with their address, and groups by network, wire and datacenter. */
export interface Inventory {
  readonly all: {
    readonly hosts: Readonly<Record<string, { readonly ansible_host: string }>>;
    readonly children: Readonly<Record<string, { readonly hosts: Readonly<Record<string, object>> }>>;
  };
}

/** Of servers that have an address; templates and what is gone are none. */
export function inventoryOf(servers: readonly Server[]): { inventory: Inventory; leftOut: number } {
  const present = servers.filter((server) => !server.template && server.missingSince === null);
  const reachable = present.flatMap((server) => {
    const records = server.nics.flatMap((nic) =>
      nic.records.map((record) => ({ ...record, wire: nic.wire })),
    );
    const address = records.find((record) => !record.ip.includes(':')) ?? records[0];
    return address === undefined ? [] : [{ server, records, address: address.ip }];
  });
  const hostNames = openNames(/[^\p{L}\p{N}._-]/gu);
  const groupNames = openNames(/[^\p{L}\p{N}_]/gu);
  // A machine may be called __proto__: names become keys only in the end.
  const hosts = new Map<string, { ansible_host: string }>();
  const groups = new Map<string, Map<string, object>>();
  for (const { server, records, address } of reachable) {
    const host = hostNames(server.id, server.name);
    hosts.set(host, { ansible_host: address });
    const join = (kind: string, id: string, name: string): void => {
      const group = groupNames(`${kind} ${id}`, `${kind}_${name}`);
      groups.set(group, (groups.get(group) ?? new Map<string, object>()).set(host, {}));
    };
    for (const { network, wire } of records) {
      join('network', network.id, network.name);
      if (wire !== null) join('wire', wire.id, wire.name);
    }
    if (server.datacenter !== null) join('datacenter', server.datacenter, server.datacenter);
  }
  const children = Object.fromEntries(
    [...groups]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([group, members]) => [group, { hosts: Object.fromEntries(members) }]),
  );
  const inventory = { all: { hosts: Object.fromEntries(hosts), children } };
  return { inventory, leftOut: present.length - reachable.length };
}

/** Names that Ansible takes, and no two things have: what has the name of another is told apart by a number. */
function openNames(unfit: RegExp): (id: string, name: string) => string {
  const byId = new Map<string, string>();
  const taken = new Set<string>();
  return (id, name) => {
    const known = byId.get(id);
    if (known !== undefined) return known;
    const fit = name.replaceAll(unfit, '_');
    let own = fit;
    for (let nr = 2; taken.has(own); nr += 1) own = `${fit}_${nr}`;
    byId.set(id, own);
    taken.add(own);
    return own;
  };
}

/** The same as an INI file. */
export function formatInventory({ all }: Inventory): string {
  const hosts = Object.entries(all.hosts).map(
    ([host, { ansible_host: address }]) => `${host} ansible_host=${address}`,
  );
  const groups = Object.entries(all.children).map(
    ([group, members]) => `\n[${group}]\n${Object.keys(members.hosts).join('\n')}\n`,
  );
  return `${hosts.map((line) => `${line}\n`).join('')}${groups.join('')}`;
}
