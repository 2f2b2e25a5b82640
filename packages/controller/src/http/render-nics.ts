import type { Nic, Server, Translate } from '@wirebook/contract';
import { quoted } from '../app/problem.ts';
import type { StoredReason } from '../store/nic-reasons.ts';
import type { StoredNic } from '../store/nics.ts';
import type { StoredServer } from '../store/servers.ts';
import { renderContradictions } from './render.ts';
import { actionsOf, sideToWiden } from './render-actions.ts';

/** Puts words to NICs: why one, or an address of it, has no record, and what mends it, also for programs to send. */

export function renderServer(server: StoredServer, t: Translate): Server {
  return {
    ...server,
    nics: server.nics.map((nic) => {
      const { account: _, server: __, ...rest } = renderNic(nic, t);
      return rest;
    }),
  };
}

export function renderNic(nic: StoredNic, t: Translate): Nic {
  const { connectionState: _, backing: __, reasons, ...rest } = nic;
  return { ...rest, reasons: reasons.map((reason) => renderReason(reason, nic, t)) };
}

function renderReason(reason: StoredReason, nic: StoredNic, t: Translate): Nic['reasons'][number] {
  const network = reason.network ?? reason.beside;
  const params = {
    server: nic.server.name,
    accountQuoted: quoted(nic.account.name),
    // A name may be another server's too.
    serverQuoted: nic.server.id,
    // A card without a MAC has its turn in device order.
    assignment: nic.mac === null ? 'IP' : `${nic.mac}=IP`,
    ip: reason.ip ?? '-',
    connectionState: nic.connectionState,
    backing: describeBacking(nic.backing),
    wire: reason.wire?.name ?? '-',
    ownWire: nic.wire?.name ?? '-',
    ownWireQuoted: nic.wire?.id ?? '-',
    wireQuoted: nic.wire?.id ?? '-',
    network: network?.name ?? '-',
    networkQuoted: network?.id ?? '-',
    start: network?.start ?? '-',
    end: network?.end ?? '-',
    widen: network === null ? '' : `--${sideToWiden(reason.ip, network)} ${reason.ip}`,
    cidr: reason.cidr ?? '-',
    holder: reason.server?.name ?? t('reasons.nobody'),
    contradiction: renderContradictions(reason.link?.contradictions ?? [], t),
  };
  const words = wordsFor(reason);
  return {
    code: reason.code,
    ip: reason.ip,
    text: t(`reasons.${words}.text`, params),
    remedy: t(`reasons.${words}.remedy`, params),
    network: reason.network === null ? null : { id: reason.network.id, name: reason.network.name },
    wire: reason.wire,
    server: reason.server,
    actions: actionsOf(reason, nic, t),
  };
}

/** Where a person has decided already, or is asked to, and where the plain remedy would be refused, the words are others. */
function wordsFor({ code, link, beside, trunk }: StoredReason): string {
  if (code === 'other_wire' && (link?.origin === 'suggested' || link?.origin === 'excluded'))
    return `other_wire_${link.origin}`;
  if (code === 'no_network' && beside !== null)
    return beside.holds ? 'no_network_beside' : 'no_network_overlap';
  if (code === 'no_network' && trunk) return 'no_network_trunk';
  return code;
}

function describeBacking(backing: Record<string, unknown>): string {
  const port = backing['port'] as { portgroupKey?: string } | undefined;
  const network = backing['network'] as { value?: string } | undefined;
  const named = backing['deviceName'] ?? port?.portgroupKey ?? backing['opaqueNetworkId'] ?? network?.value;
  return typeof named === 'string' && named !== '' ? named : '-';
}
