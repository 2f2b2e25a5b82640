import type { TFunction } from 'i18next';
import type { Schemas } from '../../../api.ts';
import { vlanText } from '../vlan.ts';
import type { PictureHost } from './arrange-hosts.ts';

type WirePicture = Schemas['WirePicture'];
type PicturePath = Schemas['PicturePath'];
export type PictureUplink = Schemas['PictureUplink'];

/** What of the picture a server's traffic touches. */
export interface LitPath {
  readonly networks: ReadonlySet<string>;
  /** Per host the uplinks by name that the traffic can leave by. */
  readonly hosts: ReadonlyMap<string, ReadonlySet<string>>;
  readonly nics: readonly PicturePath[];
}

export function lightPath(path: readonly PicturePath[]): LitPath {
  const hosts = new Map<string, Set<string>>();
  for (const { host, uplinks } of path) {
    if (host === null) continue;
    hosts.set(host.id, (hosts.get(host.id) ?? new Set<string>()).union(new Set(uplinks)));
  }
  return {
    networks: new Set(path.flatMap(({ ips }) => ips.flatMap(({ network }) => network?.id ?? []))),
    hosts,
    nics: path,
  };
}

/** The way of one NIC from its address to the switch port as one line of text, to be read out or copied. */
export function pathInWords(picture: WirePicture, path: PicturePath, server: string, t: TFunction): string {
  const ips = path.ips.map(({ ip, network }) =>
    network === null ? t('wires.picture.path.noRecord', { ip }) : ip,
  );
  const { nic } = path;
  const steps = [
    ips.length === 0 ? t('wires.picture.path.noIp') : ips.join(', '),
    `${server} ${nic.label}${nic.mac === null ? '' : ` (${nic.mac})`}`,
  ];
  if (path.host === null) return [...steps, t('wires.picture.path.noHost')].join(' → ');
  const host = picture.hosts.find((one) => one.host.id === path.host?.id);
  const vlan = vlanText(host?.vlan ?? picture.wire.vlan, t);
  const virtualSwitch = host?.switch ?? picture.wire.virtualSwitch;
  const on = virtualSwitch === null ? vlan : t('wires.picture.path.on', { vlan, switch: virtualSwitch.name });
  steps.push(t('wires.picture.path.at', { on, host: path.host.name }));
  steps.push(waysOut(host, path, t));
  return steps.join(' → ');
}

function waysOut(host: PictureHost | undefined, path: PicturePath, t: TFunction): string {
  const uplinks = host?.uplinks.filter(({ name }) => path.uplinks.includes(name)) ?? [];
  if (uplinks.length > 0)
    return uplinks
      .map(({ name, device, neighbour }) =>
        [device ?? name, ...(neighbour === null ? [] : [portText(neighbour)])].join(' → '),
      )
      .join(` ${t('wires.picture.path.or')} `);
  return host?.problems.some(({ code }) => code === 'no_uplink' || code === 'uplink_down') === true
    ? t('wires.picture.path.noUplink', { host: host.host.name })
    : t('wires.picture.path.unknownUplink');
}

export function portText(neighbour: NonNullable<PictureUplink['neighbour']>): string {
  return `${neighbour.switch} ${neighbour.port}`;
}

/** A device's name without its domain, for where there is little room; addresses stay whole. */
export function shortName(name: string): string {
  return /^[\d.]+$|:/.test(name) ? name : (name.split('.')[0] ?? name) || name;
}
