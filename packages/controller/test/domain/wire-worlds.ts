import fc from 'fast-check';
import {
  type AddressUse,
  type Contradiction,
  type DetectionInput,
  standingKey,
  type WireFacts,
  type WireLink,
} from '../../src/domain/additional-wires.ts';
import { formatAddress, parsePrefix, usableRange } from '../../src/domain/addresses.ts';

/** Worlds for detection: few wires, few NICs and few addresses, so that they meet often. */

const parsed = parsePrefix('10.1.0.0/28');
if (parsed === null) throw new Error('no prefix');
const { prefix } = parsed;
const gateways = ['10.1.0.1', '10.1.0.2', '192.0.2.1'];
export const primary = 'primary';
const wireIds = ['a', 'b', 'c', 'd'];
const nicIds = Array.from({ length: 9 }, (_, index) => `nic-${index}`);

const addressOf = (host: number): { ip: AddressUse['ip']; text: string } => {
  const ip = { family: 4 as const, value: prefix.network.value + BigInt(host) };
  return { ip, text: formatAddress(ip) };
};

const wire = (id: string): fc.Arbitrary<WireFacts> =>
  fc.record({
    id: fc.constant(id),
    name: fc.constant(`wire ${id}`),
    accountId: fc.constantFrom('one', 'one', 'one', 'two'),
    accountName: fc.constant('an account'),
    datacenter: fc.constantFrom(null, 'north', 'north', 'south'),
    trunk: fc.constantFrom(false, false, false, true),
    uplinked: fc.constantFrom(true, true, null, false),
    vlan: fc.constantFrom(null, 0, 10, 20),
  });

const use: fc.Arbitrary<AddressUse> = fc
  .record({
    wireId: fc.constantFrom(primary, ...wireIds),
    nic: fc.integer({ min: 0, max: nicIds.length - 1 }),
    host: fc.integer({ min: 3, max: 8 }),
    live: fc.constantFrom(true, true, true, false),
    gateways: fc.constantFrom([], [], ['10.1.0.1'], ['10.1.0.1'], ['10.1.0.2'], ['192.0.2.1', '10.1.0.2']),
  })
  .map(({ nic, host, ...rest }) => ({
    ...rest,
    ...addressOf(host),
    nicId: nicIds[nic] ?? '',
    // Two NICs may be of one server.
    serverId: `server-${Math.floor(nic / 2)}`,
    serverName: `server ${Math.floor(nic / 2)}`,
  }));

/** A NIC is on one wire: those that a wire's stored words are of. */
const nicsOf = (wireId: string): number[] => [0, 1].map((index) => wireIds.indexOf(wireId) * 2 + index);

const evidenceOn = (wireId: string) =>
  fc
    .record({
      nic: fc.constantFrom(...nicsOf(wireId)),
      host: fc.integer({ min: 3, max: 8 }),
      gateway: fc.constantFrom('10.1.0.1', '10.1.0.2', null),
    })
    .map(({ nic, host, gateway }) => ({
      serverId: `server-${Math.floor(nic / 2)}`,
      nicId: nicIds[nic] ?? '',
      ip: addressOf(host).text,
      ...(gateway !== null && { gateway }),
    }));

const sameAddressOn = (wireId: string): fc.Arbitrary<Contradiction> =>
  fc
    .record({
      host: fc.integer({ min: 3, max: 8 }),
      own: fc.constantFrom(...nicsOf(wireId)),
      other: fc.constantFrom(...nicIds.keys()),
    })
    .filter(({ own, other }) => own !== other)
    .map(({ host, own, other }) => ({
      code: 'same_address',
      params: { ip: addressOf(host).text },
      between: [{ ip: addressOf(host).text, nicIds: [nicIds[own] ?? '', nicIds[other] ?? ''] }],
    }));

const link = (wireId: string): fc.Arbitrary<WireLink> =>
  fc
    .record({
      origin: fc.constantFrom<WireLink['origin']>('declared', 'detected', 'suggested', 'excluded'),
      evidence: fc.uniqueArray(evidenceOn(wireId), {
        maxLength: 3,
        selector: (one) => `${one.nicId} ${one.ip}`,
      }),
      contradictions: fc.array(sameAddressOn(wireId), { maxLength: 1 }),
    })
    .map(({ origin, evidence, contradictions }) => ({
      wireId,
      origin,
      servers: 0,
      note: null,
      evidence: origin === 'excluded' ? [] : evidence,
      contradictions: origin === 'suggested' ? contradictions : [],
    }));

/** Where the NIC of a stored word is: as if nobody had moved. */
const standingOf = (nic: string, host: number): string[] => {
  const ip = addressOf(host).text;
  const wireId = wireIds[Math.floor(nicIds.indexOf(nic) / 2)] ?? null;
  return [null, wireId].map((id) => standingKey({ nicId: nic, ip, wireId: id }));
};

export const world: fc.Arbitrary<DetectionInput> = fc
  .record({
    gateway: fc.constantFrom(null, ...gateways.slice(0, 2)),
    wires: fc.tuple(...[primary, ...wireIds].map(wire)),
    links: fc.subarray(wireIds).chain((ids) => fc.tuple(...ids.map(link))),
    uses: fc.uniqueArray(use, { maxLength: 14, selector: (one) => `${one.nicId} ${one.text}` }),
    standing: fc.array(
      fc.tuple(
        fc.constantFrom(...nicIds),
        fc.integer({ min: 3, max: 8 }),
        fc.constantFrom<'uses' | 'silent'>('uses', 'silent'),
      ),
      { maxLength: 12 },
    ),
    shared: fc.array(fc.integer({ min: 3, max: 8 }), { maxLength: 1 }),
  })
  .map(({ wires, links, standing, shared, ...rest }) => ({
    ...rest,
    prefix,
    range: usableRange(prefix),
    primaryWireId: primary,
    wires: new Map(wires.map((one) => [one.id, one])),
    links,
    standing: new Map(
      standing.flatMap(([nic, host, how]) => standingOf(nic, host).map((key) => [key, how] as const)),
    ),
    serverNames: new Map<string, string>(),
    isShared: (ip) => shared.some((host) => addressOf(host).text === ip),
  }));
