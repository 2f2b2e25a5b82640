import type { Finding, FindingKind, Translate, Vlan } from '@wirebook/contract';
import { quoted } from '../app/problem.ts';
import type { StoredFinding } from '../store/findings.ts';
import { renderContradictions } from './render.ts';

/** How many hosts a sentence names; the whole is in `vlans`. */
const HOSTS_NAMED = 5;

/** Puts words to a finding, in the reader's language. */
export function renderFinding(finding: StoredFinding, t: Translate): Finding {
  const { params, ...rest } = finding;
  const vlans = params?.vlans ?? [];
  const told = vlans.length === 0 ? finding : { ...finding, ...tellVlans(vlans, t) };
  const words = {
    ...wordsOf(told),
    ranges: params?.ranges ?? '-',
    configured: params?.configured ?? 0,
    count: params?.servers ?? 0,
    moved: params?.moved ?? 0,
    total: params?.total ?? 0,
    contradiction: renderContradictions(params?.contradictions ?? [], t),
    ...placesOf(vlans),
  };
  return {
    ...rest,
    // In a list of its own, not in a sentence.
    expected: told.expected?.trim() ?? null,
    found: told.found?.trim() ?? null,
    vlans,
    text: t(`findings.${finding.kind}.${textOf(finding)}`, words),
    remedy: t(`findings.${finding.kind}.${remedyOf(finding)}`, words),
  };
}

/** Ids in commands: a name may be another's too. */
function wordsOf(finding: Pick<StoredFinding, keyof Finding & keyof StoredFinding>) {
  const { server, nic, network, wire, account, ip, expected, found } = finding;
  return {
    server: server?.name ?? '-',
    nic: nic?.mac ?? nic?.name ?? '-',
    network: network?.name ?? '-',
    networkQuoted: network?.id ?? '-',
    wire: wire?.name ?? '-',
    wireQuoted: wire?.id ?? '-',
    nameQuoted: quoted(wire?.name ?? '-'),
    accountQuoted: quoted(account.name),
    ip: ip ?? '-',
    expected: expected ?? '-',
    found: found ?? '-',
    length: (found ?? '').replace('/', ''),
  };
}

/** Some kinds have more than one sentence. */
function textOf({ kind, found, params }: StoredFinding): string {
  const variants: Partial<Record<FindingKind, string>> = {
    duplicate_address: found === null ? 'text_unseen' : 'text',
    unexpected_dhcp: (params?.ranges ?? null) === null ? 'text_none' : 'text',
    contradicted_record: `text_${params?.source ?? 'manual'}`,
  };
  return variants[kind] ?? 'text';
}

function remedyOf({ kind, network }: StoredFinding): string {
  return kind === 'link_local_address' && network !== null ? 'remedy_network' : 'remedy';
}

/** The first VLAN is that of most hosts; the others are found beside it. */
function tellVlans(vlans: Finding['vlans'], t: Translate): { expected: string; found: string } {
  const [common, ...others] = vlans;
  const joined = others.map(({ vlan, hosts }) => {
    const names = hosts.slice(0, HOSTS_NAMED).map((host) => host.name);
    if (hosts.length > names.length) names.push('…');
    return t('findings.vlan_disagreement.elsewhere', { vlan: vlanText(vlan, t), hosts: names.join(', ') });
  });
  return { expected: common === undefined ? '-' : vlanText(common.vlan, t), found: joined.join('; ') };
}

function placesOf(vlans: Finding['vlans']) {
  const [common] = vlans;
  return {
    common: common?.hosts.length ?? 0,
    hosts: vlans.reduce((sum, { hosts }) => sum + hosts.length, 0),
    vlanId: common === undefined ? 0 : standardVlanId(common.vlan),
  };
}

function vlanText(vlan: Vlan, t: Translate): string {
  if (vlan.kind === 'none') return t('findings.vlan_disagreement.untagged');
  const ranges = vlan.ranges.map(({ start, end }) => (start === end ? String(start) : `${start}-${end}`));
  return t('findings.vlan_disagreement.vlan', { vlan: vlan.id ?? ranges.join(',') });
}

/** As a standard port group writes it: 0 for none, 4095 for all (HostPortGroupSpec.vlanId). */
function standardVlanId(vlan: Vlan): number {
  if (vlan.kind === 'none') return 0;
  return vlan.id ?? 4095;
}
