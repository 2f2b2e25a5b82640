import type { Family } from './addresses.ts';
import { type Ledger, openLedger } from './fix-ledger.ts';
import {
  type Complaint,
  explainNic,
  explainServer,
  indexNetworks,
  networkFor,
  type NetworkIndex,
  refuseSpecial,
} from './fix-refusals.ts';
import type {
  Asked,
  FixChange,
  FixClaim,
  FixFacts,
  FixNetwork,
  FixNic,
  FixPlan,
  FixRefusal,
  FixRequest,
  FixServer,
} from './fixing-facts.ts';
import { addressKey } from './matching.ts';

/**
 * From who has which address and what a person says: which records are made, taken over and ended, or why not. Pure: the same facts give
 * the same plan, the plan lists only what is to change, and carried out it leaves nothing to change for the same request.
 *
 * First every NIC named by its MAC lets go of what it is no longer to have, so that addresses may change places within one request; then
 * what servers have already is set aside; then the rest is placed, named NICs before device order.
 */
export function planFixes(facts: FixFacts, requests: readonly FixRequest[]): FixPlan {
  const index = indexNetworks(facts.networks);
  const ledger = openLedger(facts);
  const refusals: FixRefusal[] = [];
  const refuse = (asked: Asked, part: FixRefusal['part'], complaint: Complaint): void => {
    refusals.push({ at: asked.at, part, ...complaint });
  };

  const works = requests.flatMap((request): Work[] => {
    const server = facts.servers.get(request.serverId);
    const complaint = refuseServer(server);
    if (server === undefined || complaint !== null) {
      for (const asked of request.asked)
        refuse(asked, 'server', complaint ?? { code: 'fix_no_such_server', params: {} });
      return [];
    }
    return [readWork(server, request, refuse)];
  });
  for (const work of works) for (const named of work.named) letGo(ledger, work.server, named);
  for (const work of works) work.open = work.open.filter((one) => !keep(ledger, work, one));
  for (const work of works) {
    for (const { asked, ip, nic } of work.open) {
      const complaint =
        nic === null
          ? placeByOrder(ledger, index, work, { asked, ip })
          : placeOn(ledger, {
              asked,
              ip,
              nic,
              server: work.server,
              network: networkFor(index, nic, ip.value),
            });
      if (complaint === 'nowhere')
        refuse(
          asked,
          'ip',
          nic === null
            ? explainServer(index, { ...candidatesOf(ledger, work, ip), ip })
            : explainNic(index, nic, ip),
        );
      else if (complaint !== null) refuse(asked, 'ip', complaint);
    }
  }
  if (refusals.length > 0)
    return { changes: [], expired: [], refusals: refusals.toSorted((a, b) => a.at - b.at) };
  return { ...ledger.close(), refusals };
}

type AskedIp = NonNullable<Asked['ip']>;

/** What one server is to have: NICs named by MAC, with all that each is to have, and the addresses that still need a place. */
interface Work {
  readonly server: FixServer;
  /** In device order. */
  readonly present: readonly FixNic[];
  readonly named: readonly NamedNic[];
  open: readonly { asked: Asked; ip: AskedIp; nic: FixNic | null }[];
}

interface NamedNic {
  readonly nic: FixNic;
  readonly wanted: ReadonlyMap<string, { asked: Asked; ip: AskedIp }>;
  /** Set where the NIC is to be cleared. */
  readonly clear: Asked | null;
  readonly first: Asked;
}

function refuseServer(server: FixServer | undefined): Complaint | null {
  if (server === undefined || server.missingSince === null) return null;
  return { code: 'fix_server_missing', params: { server: server.name, since: server.missingSince } };
}

function readWork(
  server: FixServer,
  request: FixRequest,
  refuse: (asked: Asked, part: FixRefusal['part'], complaint: Complaint) => void,
): Work {
  const present = server.nics.filter((nic) => !nic.missing);
  const named = new Map<
    string,
    { nic: FixNic; wanted: Map<string, { asked: Asked; ip: AskedIp }>; clear: Asked | null; first: Asked }
  >();
  const byOrder = new Map<string, { asked: Asked; ip: AskedIp }>();
  for (const asked of request.asked) {
    const { mac, ip } = asked;
    if (mac === null) {
      if (ip === null) continue;
      const before = byOrder.get(ip.text);
      if (before === undefined) byOrder.set(ip.text, { asked, ip });
      else refuse(asked, 'ip', sameAs(before.asked));
      continue;
    }
    const nic = nicOf(server, present, mac);
    if ('code' in nic) {
      refuse(asked, 'mac', nic);
      continue;
    }
    const group = named.get(nic.id) ?? { nic, wanted: new Map(), clear: null, first: asked };
    named.set(nic.id, group);
    const before = ip === null ? group.clear : group.wanted.get(ip.text)?.asked;
    const against = ip === null ? group.wanted.values().next().value?.asked : group.clear;
    if (before != null) refuse(asked, 'ip', sameAs(before));
    else if (against != null)
      refuse(asked, 'ip', { code: 'fix_clear_and_set', params: { other: against.field } });
    else if (ip === null) group.clear = asked;
    else group.wanted.set(ip.text, { asked, ip });
  }
  const groups = [...named.values()];
  for (const [text, { asked }] of byOrder) {
    const before = groups.map(({ wanted }) => wanted.get(text)).find((one) => one !== undefined);
    if (before === undefined) continue;
    refuse(asked, 'ip', sameAs(before.asked));
    byOrder.delete(text);
  }
  return {
    server,
    present,
    named: groups,
    open: [
      ...groups.flatMap(({ nic, wanted }) => [...wanted.values()].map((one) => ({ ...one, nic }))),
      ...[...byOrder.values()].map((one) => ({ ...one, nic: null })),
    ],
  };
}

function nicOf(server: FixServer, present: readonly FixNic[], mac: string): FixNic | Complaint {
  const fitting = present.filter((nic) => nic.mac === mac);
  const [only] = fitting;
  if (only === undefined)
    return {
      code: 'fix_no_such_nic',
      params: {
        server: server.name,
        serverQuoted: server.id,
        macs: present.flatMap((nic) => nic.mac ?? []).join(', ') || '-',
      },
    };
  if (fitting.length === 1) return only;
  return {
    code: 'fix_mac_not_unique',
    params: {
      server: server.name,
      count: fitting.length,
      labels: fitting.map((nic) => nic.label).join(', '),
    },
  };
}

function sameAs(other: Asked): Complaint {
  return other.line === undefined
    ? { code: 'twice', params: { other: other.field } }
    : { code: 'import_same_ip', params: { other: other.line } };
}

/** A named NIC has exactly what is listed for it, by family; what Tools report on it stays, for they would bring it back. */
function letGo(ledger: Ledger, server: FixServer, named: NamedNic): void {
  const { nic, wanted, clear, first } = named;
  const families = new Set<Family>(
    clear === null ? [...wanted.values()].map(({ ip }) => ip.value.family) : [4, 6],
  );
  for (const claim of ledger.of(nic.id)) {
    if (!families.has(claim.ip.family) || wanted.has(claim.text)) continue;
    const change = { at: first.at, server, nic, ip: claim.text, network: claim.network };
    const stays = claim.source === 'tools' && nic.reported.has(claim.text);
    if (!stays)
      ledger.end(claim, {
        ...change,
        effect: { kind: 'end', claim, reason: clear === null ? 'corrected' : 'cleared' },
      });
    else if (clear !== null) ledger.take(clear, { ...change, effect: { kind: 'kept' } }, claim.ip.family);
  }
}

/** Whether the NIC, or in device order any NIC of the server, has the address already. */
function keep(ledger: Ledger, work: Work, one: { asked: Asked; ip: AskedIp; nic: FixNic | null }): boolean {
  for (const nic of one.nic === null ? work.present : [one.nic]) {
    const claim = ledger.of(nic.id).find((held) => held.text === one.ip.text);
    if (claim === undefined) continue;
    ledger.take(
      one.asked,
      {
        at: one.asked.at,
        server: work.server,
        nic,
        ip: claim.text,
        network: claim.network,
        effect: { kind: 'kept' },
      },
      claim.ip.family,
    );
    return true;
  }
  return false;
}

function placeByOrder(
  ledger: Ledger,
  index: NetworkIndex,
  work: Work,
  one: { asked: Asked; ip: AskedIp },
): Complaint | 'nowhere' | null {
  for (const nic of work.present) {
    const network = networkFor(index, nic, one.ip.value);
    if (network === undefined || ledger.hasFamily(nic.id, one.ip.value.family)) continue;
    return placeOn(ledger, { ...one, nic, server: work.server, network });
  }
  return 'nowhere';
}

function candidatesOf(
  ledger: Ledger,
  work: Work,
  ip: AskedIp,
): { server: FixServer; candidates: readonly FixNic[] } {
  const busy = (nic: FixNic): number => Number(ledger.hasFamily(nic.id, ip.value.family));
  return { server: work.server, candidates: work.present.toSorted((a, b) => busy(a) - busy(b)) };
}

function placeOn(
  ledger: Ledger,
  one: { asked: Asked; ip: AskedIp; nic: FixNic; server: FixServer; network: FixNetwork | undefined },
): Complaint | 'nowhere' | null {
  const { asked, ip, nic, server, network } = one;
  if (network === undefined) return 'nowhere';
  const special = refuseSpecial(network, ip.value);
  if (special !== null) return special;
  const key = addressKey(nic.spaceId, ip.text);
  const shared = ledger.isShared(key);
  const before = ledger.takenBy(key);
  if (before !== undefined && !shared) return sameAs(before);
  const change = { at: asked.at, server, nic, ip: ip.text, network: { id: network.id, name: network.name } };
  const take = (effect: FixChange['effect']): null => {
    ledger.take(asked, { ...change, effect }, ip.value.family);
    return null;
  };
  if (ledger.revive(key, nic.id)) return take({ kind: 'kept' });
  if (shared) return take({ kind: 'create', shared, moved: null });

  const [claim] = ledger.at(key);
  const taken = (holder: string): Complaint => ({ code: 'fix_taken', params: { holder, ip: ip.text } });
  const stranger = ledger.seenBy(key).find((other) => other.serverId !== server.id);
  const verdict = claim === undefined ? 'free' : judge(claim, server, nic);
  if (claim !== undefined && verdict === 'taken')
    return taken(claim.serverId === server.id ? labelled(claim, server) : claim.holder);
  if (stranger !== undefined) return { code: 'fix_seen', params: { holder: stranger.name, ip: ip.text } };
  if (claim === undefined || verdict === 'free') return take({ kind: 'create', shared, moved: null });
  if (verdict === 'adopt') return take({ kind: 'adopt', claim });
  if (verdict === 'expired') {
    ledger.expire(claim);
    return take({ kind: 'create', shared, moved: null });
  }
  const from = server.nics.find((other) => other.id === claim.nicId) ?? nic;
  ledger.end(claim, { ...change, nic: from, effect: { kind: 'end', claim, reason: 'corrected' } });
  return take({ kind: 'create', shared, moved: claim });
}

/** What a claim that lives on the address means for a NIC that is to have it. */
function judge(claim: FixClaim, server: FixServer, nic: FixNic): 'taken' | 'adopt' | 'expired' | 'move' {
  if (claim.nicId === null) {
    if (claim.expired) return 'expired';
    return claim.plain || (claim.mac !== null && claim.mac === nic.mac) ? 'adopt' : 'taken';
  }
  if (claim.serverId !== server.id) return 'taken';
  const holder = server.nics.find((other) => other.id === claim.nicId);
  // Tools would bring it back to the card they report it on.
  return holder !== undefined && !holder.missing && holder.reported.has(claim.text) ? 'taken' : 'move';
}

function labelled(claim: FixClaim, server: FixServer): string {
  const nic = server.nics.find((other) => other.id === claim.nicId);
  return nic === undefined ? claim.holder : `${claim.holder} (${nic.label}, ${nic.mac ?? '-'})`;
}
