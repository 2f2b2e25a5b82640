import type { Schemas } from '../../../api.ts';

export type PictureHost = Schemas['PictureHost'];
export type ProblemCode = PictureHost['problems'][number]['code'];
/** What a host can be marked with: what the API says, and that it is in maintenance. */
export type Mark = ProblemCode | 'maintenance';

/** One row of the picture: a host, or hosts that look the same, as one. */
export type Lane =
  | { readonly kind: 'heading'; readonly key: string; readonly of: Heading; readonly hosts: number }
  | { readonly kind: 'host'; readonly key: string; readonly host: PictureHost }
  | {
      readonly kind: 'group';
      readonly key: string;
      readonly hosts: readonly PictureHost[];
      readonly first: PictureHost;
      readonly open: boolean;
    };
export type Heading =
  | { readonly kind: 'path' }
  | { readonly kind: 'marked' }
  | { readonly kind: 'cluster'; readonly name: string | null };

/** Fewer are told apart more quickly than a group is opened. */
const SMALLEST_GROUP = 3;
const SMALLEST_MARKED_GROUP = 6;
/** So many lanes fit on a screen: no grouping needed. */
export const SHOWN_EACH = 6;

export function marksOf(host: PictureHost): Mark[] {
  return [...host.problems.map(({ code }) => code), ...(host.maintenance ? (['maintenance'] as const) : [])];
}

/**
 * The lanes in the order in which they are read: the way of the chosen server, hosts with something to look at, then the others by cluster; hosts
 * that look the same are one lane unless it is opened.
 */
export function arrangeHosts(
  hosts: readonly PictureHost[],
  wanted: {
    readonly open: ReadonlySet<string> | 'all';
    /** Part of a host's name or address, or of what it is plugged into. */
    readonly find: string;
    readonly only: string | undefined;
    readonly onPath: ReadonlySet<string>;
  },
): Lane[] {
  const { onPath } = wanted;
  const text = wanted.find.trim().toLowerCase();
  const fitting = hosts.filter(
    (host) =>
      onPath.has(host.host.id) ||
      ((text === '' || fits(host, text)) &&
        (wanted.only === undefined || marksOf(host).some((mark) => mark === wanted.only))),
  );
  const each = text !== '' || wanted.open === 'all' || fitting.length <= SHOWN_EACH;
  const open = (key: string): boolean => wanted.open === 'all' || wanted.open.has(key);
  const lanes: Lane[] = [];
  const add = (of: Heading, key: string, those: readonly PictureHost[], smallest: number): void => {
    if (those.length === 0) return;
    lanes.push({ kind: 'heading', key, of, hosts: those.length });
    for (const [likeness, alike] of Map.groupBy(those, likenessOf)) {
      const [first] = alike;
      if (first === undefined) continue;
      const group = shortHash(`${key} ${likeness}`);
      const grouped = alike.length >= smallest && !each;
      if (grouped) lanes.push({ kind: 'group', key: group, hosts: alike, first, open: open(group) });
      if (!grouped || open(group))
        lanes.push(...alike.map((host): Lane => ({ kind: 'host', key: host.host.id, host })));
    }
  };
  const rest = fitting.filter(({ host }) => !onPath.has(host.id));
  const marked = rest.filter((host) => marksOf(host).length > 0);
  const plain = rest.filter((host) => marksOf(host).length === 0);
  add(
    { kind: 'path' },
    'path',
    fitting.filter(({ host }) => onPath.has(host.id)),
    Infinity,
  );
  add(
    { kind: 'marked' },
    'marked',
    marked.toSorted((a, b) => gravity(b) - gravity(a)),
    SMALLEST_MARKED_GROUP,
  );
  for (const [name, those] of Map.groupBy(plain, ({ cluster }) => cluster))
    add({ kind: 'cluster', name }, `cluster ${name ?? ''}`, those, SMALLEST_GROUP);
  return lanes;
}

/** How many hosts have each mark, the gravest first. */
export function countMarks(hosts: readonly PictureHost[]): { mark: Mark; hosts: number }[] {
  return [
    ...Map.groupBy(
      hosts.flatMap((host) => [...new Set(marksOf(host))]),
      (mark) => mark,
    ),
  ]
    .map(([mark, those]) => ({ mark, hosts: those.length }))
    .toSorted((a, b) => order.indexOf(a.mark) - order.indexOf(b.mark));
}

const order: readonly Mark[] = [
  'wire_missing',
  'no_uplink',
  'uplink_down',
  'vlan_deviates',
  'vlan_is_untagged',
  'untagged_vlan_differs',
  'host_disconnected',
  'single_uplink',
  'maintenance',
];
/** Those that cut servers off are bad; the rest wants to be looked at. */
export const graveMarks: ReadonlySet<Mark> = new Set<Mark>([
  'wire_missing',
  'no_uplink',
  'uplink_down',
  'vlan_deviates',
]);

function gravity(host: PictureHost): number {
  return Math.max(...marksOf(host).map((mark) => order.length - order.indexOf(mark)));
}

function fits(host: PictureHost, text: string): boolean {
  return [
    host.host.name,
    host.host.managementIp ?? '',
    host.cluster ?? '',
    ...host.uplinks.map(({ neighbour }) => neighbour?.switch ?? ''),
  ].some((part) => part.toLowerCase().includes(text));
}

/** Everything but which host it is, what runs on it and which port it is plugged into. */
function likenessOf(host: PictureHost): string {
  return JSON.stringify([
    host.cluster,
    host.switch?.name,
    host.vlan,
    host.state,
    marksOf(host),
    host.uplinks.map(({ name, role, device, speedMbps, up, neighbour }) => [
      name,
      role,
      device,
      speedMbps,
      up,
      neighbour === null ? null : neighbour.vlan,
    ]),
  ]);
}

/** Short enough for the address; FNV-1a. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(36);
}
