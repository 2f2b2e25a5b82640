import type { TFunction } from 'i18next';
import type { Schemas } from '../../api.ts';

/** A VLAN as people write it: "VLAN 100", "trunk 10-20, 30", "untagged". */
export function vlanText(vlan: Schemas['Vlan'], t: TFunction): string {
  switch (vlan.kind) {
    case 'none':
      return t('wires.untagged');
    case 'id':
      return t('wires.vlanId', { id: vlan.id ?? '' });
    case 'trunk':
      return t('wires.vlanTrunk', {
        ranges: vlan.ranges
          .map(({ start, end }) => (start === end ? String(start) : `${start}-${end}`))
          .join(', '),
      });
    case 'private':
      return t('wires.vlanPrivate', { primary: vlan.primaryId ?? '', id: vlan.id ?? '' });
    default:
      return vlan.kind satisfies never;
  }
}

export function sameVlan(a: Schemas['Vlan'], b: Schemas['Vlan']): boolean {
  const told = ({ kind, id, primaryId, ranges }: Schemas['Vlan']): string =>
    JSON.stringify([kind, id, primaryId, ranges.map(({ start, end }) => [start, end])]);
  return told(a) === told(b);
}
