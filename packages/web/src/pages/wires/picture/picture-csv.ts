import type { TFunction } from 'i18next';
import type { Schemas } from '../../../api.ts';
import { csvOf, saveFile } from '../../../ui/csv.ts';
import { vlanText } from '../vlan.ts';
import type { PictureHost } from './arrange-hosts.ts';
import { linkText, roleText, speedText, stateText } from './picture-words.ts';

/** The whole picture, one line per uplink of each host, as a file. */
export function savePicture(picture: Schemas['WirePicture'], t: TFunction): void {
  const head = [
    t('wires.host'),
    t('wires.picture.columns.cluster'),
    t('wires.state'),
    t('wires.servers'),
    t('wires.switch'),
    t('wires.vlan'),
    t('wires.picture.columns.uplink'),
    t('wires.picture.columns.role'),
    t('wires.picture.columns.device'),
    t('wires.onNics.mac'),
    t('wires.picture.columns.speed'),
    t('wires.picture.columns.link'),
    t('wires.picture.columns.switch'),
    t('wires.picture.columns.port'),
    t('wires.picture.columns.disagrees'),
  ];
  const rows = picture.hosts.flatMap((host) => {
    const first = hostCells(host, t);
    const last = host.problems.map(({ text }) => text).join(' ');
    if (host.uplinks.length === 0) return [[...first, '', '', '', '', '', '', '', '', last]];
    return host.uplinks.map((uplink) => [
      ...first,
      uplink.name,
      roleText(uplink.role, t),
      uplink.device ?? '',
      uplink.mac ?? '',
      speedText(uplink.speedMbps, t) ?? '',
      linkText(uplink, t),
      uplink.neighbour?.switch ?? '',
      uplink.neighbour?.port ?? '',
      last,
    ]);
  });
  saveFile(`${picture.wire.name}.csv`, csvOf(head, rows));
}

function hostCells(host: PictureHost, t: TFunction): string[] {
  return [
    host.host.name,
    host.cluster ?? '',
    stateText(host, t),
    String(host.servers),
    host.switch?.name ?? '',
    host.vlan === null ? t('wires.picture.notHere') : vlanText(host.vlan, t),
  ];
}
