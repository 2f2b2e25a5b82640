import type { NicWhy, Translate, Why } from '@wirebook/contract';
import { sayClaim } from '../app/address-evidence.ts';
import type { AddressFacts, Explanation, NicFacts } from '../app/why.ts';
import type { StoredObstacle } from '../store/obstacles.ts';
import type { VlanValue } from '../store/tables.ts';
import type { OpenConflict, WireFact } from '../store/why.ts';
import { joinSentences, renderEvidence } from './render.ts';
import { renderNic } from './render-nics.ts';

/** Answers a question in sentences of the reader's language. */
export function renderWhy(explanation: Explanation, t: Translate): Why {
  const { subject, addresses, nics } = explanation;
  const told = nics.map((facts) => renderNicWhy(facts, t));
  const sentences = [...tellSubject(explanation, told, t)].filter((sentence) => sentence !== '');
  return {
    subject: { kind: subject.kind, id: subject.id, name: subject.name },
    answer: joinSentences(sentences, t) ?? '',
    remedy: findRemedy(explanation, told, t),
    addresses: addresses.map((facts) => ({
      ...facts.address,
      free: facts.free,
      obstacles: facts.obstacles.map((obstacle) => ({
        code: obstacle.code,
        text: textOf(obstacle, t),
        remedy: t(`obstacles.${obstacle.code}.remedy`, obstacle.params),
      })),
      wires: facts.wires.map((wire) => renderWire(wire, t)),
      conflicts: facts.conflicts.map((conflict) => ({
        id: conflict.id,
        kind: conflict.kind,
        text: tellConflict(conflict, facts.address.ip, t),
        since: conflict.since,
      })),
    })),
    nics: told,
  };
}

function* tellSubject(
  { subject, addresses, nics }: Explanation,
  told: readonly NicWhy[],
  t: Translate,
): Generator<string> {
  switch (subject.kind) {
    case 'address':
      for (const facts of addresses) yield* tellAddress(facts, told, t);
      return;
    case 'mac': {
      const formerUntil = new Map(subject.owners.former.map((one) => [one.nicId, one.until]));
      for (const [index, { nic }] of nics.entries()) {
        const until = formerUntil.get(nic.id);
        const params = { mac: subject.name, label: nic.label, server: nic.server.name };
        yield until === undefined
          ? t('why.mac_nic', params)
          : t('why.mac_former', { ...params, until, current: nic.mac ?? '-' });
        yield* tellNic(told[index], addresses, t);
      }
      for (const holder of subject.owners.holders)
        yield t('why.mac_holder', { mac: subject.name, holder: holder.name, ip: holder.ip });
      return;
    }
    case 'server':
      // i18next's plural forms have none for zero in these languages.
      yield nics.length === 0
        ? t('why.server_none', { server: subject.name })
        : t('why.server', { server: subject.name, count: nics.length });
      for (const one of told) {
        yield t('why.card', { nic: nameCard(one.nic, t) });
        yield* tellNic(one, addresses, t);
      }
      return;
  }
}

function* tellAddress(facts: AddressFacts, told: readonly NicWhy[], t: Translate): Generator<string> {
  const { address, claims, obstacles, conflicts } = facts;
  const { ip } = address;
  const network = address.network?.name ?? '-';
  for (const claim of claims) {
    const own = told.find((one) => one.nic.id === claim.nic?.id);
    if (claim.nic === null) yield t('why.held', { ip, since: claim.since, network });
    else {
      const nic = own === undefined ? (claim.nic.mac ?? '-') : nameCard(own.nic, t);
      yield t('why.used', { ip, server: claim.server?.name ?? '-', nic, since: claim.since, network });
    }
    yield renderEvidence(sayClaim(claim), t) ?? '';
    if (claim.expiresAt !== null) yield t('why.held_until', { until: claim.expiresAt });
    if (own !== undefined) yield* tellPlace(own, t);
  }
  if (address.shared) yield t('why.shared');
  for (const conflict of conflicts) yield tellConflict(conflict, ip, t);
  // Who has it is said above.
  for (const obstacle of obstacles)
    if (obstacle.code !== 'used' && obstacle.code !== 'held') yield textOf(obstacle, t);
  if (facts.free) yield t('why.free', { ip, network });
  // Whose it is not, though they report it; of those in conflict it is said above.
  if (conflicts.length === 0)
    for (const { nic } of told) for (const reason of nic.reasons) if (reason.ip === ip) yield reason.text;
  const before = address.history.find((interval) => interval.to !== null);
  if (before === undefined) return;
  const holder = before.server?.name ?? (before.holder?.name || before.key || '');
  const params = { from: before.from, to: before.to ?? '-', ended: tellEnd(before.ended ?? '', t) };
  yield holder === '' ? t('why.held_before', params) : t('why.before', { ...params, holder });
}

/** Where a card is, and what it has or why it has nothing. */
function* tellNic(
  told: NicWhy | undefined,
  addresses: readonly AddressFacts[],
  t: Translate,
): Generator<string> {
  if (told === undefined) return;
  const { nic } = told;
  if (nic.missingSince !== null) yield t('why.missing', { server: nic.server.name, since: nic.missingSince });
  yield* tellPlace(told, t);
  for (const record of nic.records) {
    yield t('why.record', { ip: record.ip, network: record.network.name });
    const facts = addresses.find(({ claims }) => claims.some((claim) => claim.id === record.id));
    const claim = facts?.claims.find((one) => one.id === record.id);
    if (claim !== undefined) yield renderEvidence(sayClaim(claim), t) ?? '';
    for (const conflict of facts?.conflicts ?? []) yield tellConflict(conflict, record.ip, t);
  }
  for (const reason of nic.reasons) yield reason.text;
}

function* tellPlace({ wire, port, host, neighbours }: NicWhy, t: Translate): Generator<string> {
  if (wire === null) yield t('why.on_no_wire');
  else {
    yield t('why.on_wire', { wire: wire.name, vlan: wire.vlan });
    const virtualSwitch = wire.virtualSwitch?.name;
    if (virtualSwitch !== undefined)
      yield port === null
        ? t('why.on_switch', { switch: virtualSwitch })
        : t('why.on_port', { switch: virtualSwitch, port });
  }
  if (host !== null) yield t('why.on_host', { host: host.name });
  for (const { device, neighbour } of neighbours) yield t('why.uplink', { device, neighbour });
}

function renderNicWhy({ nic, place }: NicFacts, t: Translate): NicWhy {
  const { createdAt: _, updatedAt: __, ...rendered } = renderNic(nic, t);
  return {
    nic: rendered,
    host: place.host,
    powerState: place.powerState,
    wire: place.wire === null ? null : renderWire(place.wire, t),
    port: place.port,
    neighbours: place.neighbours.map((one) => ({
      device: one.device,
      neighbour: t('why.neighbour', { switch: one.switch, port: one.port }),
    })),
  };
}

function renderWire(wire: WireFact, t: Translate): NonNullable<NicWhy['wire']> {
  return {
    id: wire.id,
    name: wire.name,
    vlan: tellVlan(wire.vlan, t),
    virtualSwitch: wire.virtualSwitch,
  };
}

function tellVlan(vlan: VlanValue, t: Translate): string {
  const ranges = vlan.ranges
    .toSorted((a, b) => a.start - b.start)
    .map(({ start, end }) => (start === end ? String(start) : `${start}-${end}`));
  return t(`why.vlan.${vlan.kind}`, {
    id: vlan.id ?? '-',
    primary: vlan.primaryId ?? '-',
    ranges: ranges.join(', '),
  });
}

function nameCard(nic: { label: string; mac: string | null }, t: Translate): string {
  return nic.mac === null
    ? t('why.nic_without_mac', { label: nic.label })
    : t('why.nic', { label: nic.label, mac: nic.mac });
}

function textOf(obstacle: StoredObstacle, t: Translate): string {
  return t(`obstacles.${obstacle.code}.text`, obstacle.params);
}

function tellConflict(conflict: OpenConflict, ip: string, t: Translate): string {
  const { kind, claimant } = conflict;
  return t(`attention.conflict.${kind}`, { ip, holder: conflict.holder ?? t('reasons.nobody'), claimant });
}

function tellEnd(code: string, t: Translate): string {
  return t(`why.ended.${code}`, { defaultValue: t('why.ended.other', { code }) });
}

/** What to do: about the address itself, or about the first card that lacks something. */
function findRemedy(
  { subject, addresses }: Explanation,
  told: readonly NicWhy[],
  t: Translate,
): string | null {
  if (addresses.some(({ conflicts }) => conflicts.length > 0)) return t('attention.conflicts.remedy');
  if (subject.kind !== 'address') return told.flatMap(({ nic }) => nic.reasons)[0]?.remedy ?? null;
  // The remedy for an address that a NIC has is to ask what is answered here.
  const obstacle = addresses[0]?.obstacles.find(({ code }) => code !== 'used' && code !== 'seen');
  if (obstacle !== undefined && !addresses[0]?.obstacles.some(({ code }) => code === 'used'))
    return t(`obstacles.${obstacle.code}.remedy`, obstacle.params);
  return told.flatMap(({ nic }) => nic.reasons.filter(({ ip }) => ip === subject.name))[0]?.remedy ?? null;
}
