import type {
  CloudAccount,
  Conflict,
  Network,
  NetworkAddress,
  NetworkEffect,
  Nic,
  NicSummary,
  Server,
  SyncRun,
  Translate,
} from '@wirebook/contract';
import type { Evidence } from '../app/address-evidence.ts';
import type { StoredConflict } from '../app/conflicts.ts';
import type { StoredNetworkAddress } from '../app/network-addresses.ts';
import type { StoredNetworkEffect } from '../app/network-effect.ts';
import { quoted } from '../app/problem.ts';
import { parseAddress, prefixOf, formatPrefix, compareAddresses } from '../domain/addresses.ts';
import type { StoredAccount } from '../store/account-list.ts';
import type { StoredNetwork } from '../store/networks.ts';
import type { NicCounts, StoredNic, StoredReason } from '../store/nics.ts';
import type { StoredServer } from '../store/servers.ts';
import type { StoredSyncRun } from '../store/sync-run-list.ts';

/** Puts words to what is stored as codes and values, in the reader's language. */

export function renderAccount(account: StoredAccount, t: Translate): CloudAccount {
  const { statusDetail, ...rest } = account;
  return {
    ...rest,
    statusText: statusDetail === null ? null : t(`problems.${statusDetail.code}.detail`, statusDetail.params),
    statusRemedy:
      statusDetail === null ? null : t(`problems.${statusDetail.code}.remedy`, statusDetail.params),
  };
}

export function renderSyncRun(run: StoredSyncRun, t: Translate): SyncRun {
  const { failure } = run;
  const own = failure !== null && ['interrupted', 'cancelled', 'internal'].includes(failure.code);
  const params = { ...failure?.params, quoted: quoted(run.account.name) };
  return {
    ...run,
    errors: run.errors.map((error) => ({
      object: error.object,
      kind: error.kind,
      text: t(`attention.sync.${error.code}`, error.params),
    })),
    failure:
      failure === null
        ? null
        : own
          ? {
              code: failure.code,
              text: t(`attention.sync.${failure.code}.text`, params),
              remedy: t(`attention.sync.${failure.code}.remedy`, params),
            }
          : {
              code: failure.code,
              text: t(`problems.${failure.code}.detail`, params),
              remedy: t(`problems.${failure.code}.remedy`, params),
            },
  };
}

export function renderNetwork(network: StoredNetwork, t: Translate): Network {
  return {
    ...network,
    additionalWires: network.additionalWires.map((one) => ({ ...one, note: renderNote(one.note, t) })),
    suggestedWires: network.suggestedWires.map(({ contradictions, note, ...one }) => ({
      ...one,
      note: renderNote(note, t),
      contradiction: renderContradictions(contradictions ?? [], t),
    })),
  };
}

/** What speaks against taking a wire for one of a network's, sentence by sentence. */
export function renderContradictions(
  contradictions: readonly { code: string; params: Readonly<Record<string, string | number>> }[],
  t: Translate,
): string {
  return (
    joinSentences(
      contradictions.map(({ code, params }) => t(`wires.contradiction.${code}`, params)),
      t,
    ) ?? ''
  );
}

export function renderNote(
  note: { code: string; params: Readonly<Record<string, unknown>> } | null,
  t: Translate,
): string | null {
  return note === null ? null : t(`wires.note.${note.code}`, note.params);
}

/** The evidence in words: the sentences `evidence.<code>` of the catalogue, one after another. */
export function renderNetworkAddress(item: StoredNetworkAddress, t: Translate): NetworkAddress {
  return { ...item, evidence: renderEvidence(item.evidence, t) };
}

export function renderEvidence(evidence: readonly Evidence[], t: Translate): string | null {
  return joinSentences(
    evidence.map((one) => t(`evidence.${one.code}`, one.params)),
    t,
  );
}

/** Sentences one after another, as the language puts them; null where there is none. */
export function joinSentences(sentences: readonly string[], t: Translate): string | null {
  const [first, ...others] = sentences;
  if (first === undefined) return null;
  return others.reduce((before, next) => t('evidence.and', { first: before, second: next }), first);
}

export function renderConflict(conflict: StoredConflict, t: Translate): Conflict {
  const name = (side: Conflict['holders'][number] | undefined): string =>
    side?.server?.name ?? (side?.holder?.name || t('reasons.nobody'));
  return {
    ...conflict,
    text: t(`attention.conflict.${conflict.kind}`, {
      ip: conflict.ip,
      holder: name(conflict.holders[0]),
      claimant: name(conflict.claimants[0]),
    }),
  };
}

export function renderNicCounts(counts: NicCounts, t: Translate): NicSummary {
  return {
    nics: counts.nics,
    settled: counts.settled,
    unresolved: counts.nics - counts.settled,
    reasons: counts.reasons.map((one) => ({ ...one, text: t(`reasons.titles.${one.code}`) })),
  };
}

export function renderNetworkEffect(effect: StoredNetworkEffect, t: Translate): NetworkEffect {
  return { ...effect, network: renderNetwork(effect.network, t) };
}

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
  const { connectionState, backing, reasons, ...rest } = nic;
  return {
    ...rest,
    reasons: reasons.map((reason) => renderReason(reason, { nic, connectionState, backing, t })),
  };
}

function renderReason(
  reason: StoredReason,
  about: {
    nic: StoredNic;
    connectionState: string;
    backing: Record<string, unknown>;
    t: Translate;
  },
): Nic['reasons'][number] {
  const { nic, t } = about;
  const params = {
    server: nic.server.name,
    accountQuoted: quoted(nic.account.name),
    // A name may be another server's too.
    serverQuoted: nic.server.id,
    // A card without a MAC has its turn in device order.
    assignment: nic.mac === null ? 'IP' : `${nic.mac}=IP`,
    ip: reason.ip ?? '-',
    connectionState: about.connectionState,
    backing: describeBacking(about.backing),
    wire: reason.wire?.name ?? '-',
    ownWire: nic.wire?.name ?? '-',
    ownWireQuoted: nic.wire?.id ?? '-',
    wireQuoted: nic.wire?.id ?? '-',
    network: reason.network?.name ?? '-',
    networkQuoted: reason.network === null ? '-' : reason.network.id,
    start: reason.network?.start ?? '-',
    end: reason.network?.end ?? '-',
    widen: widenRange(reason),
    cidr: cidrAround(nic, reason.ip),
    holder: reason.server?.name ?? t('reasons.nobody'),
  };
  return {
    code: reason.code,
    ip: reason.ip,
    text: t(`reasons.${reason.code}.text`, params),
    remedy: t(`reasons.${reason.code}.remedy`, params),
    network: reason.network === null ? null : { id: reason.network.id, name: reason.network.name },
    wire: reason.wire,
    server: reason.server,
  };
}

function describeBacking(backing: Record<string, unknown>): string {
  const port = backing['port'] as { portgroupKey?: string } | undefined;
  const network = backing['network'] as { value?: string } | undefined;
  const named = backing['deviceName'] ?? port?.portgroupKey ?? backing['opaqueNetworkId'] ?? network?.value;
  return typeof named === 'string' && named !== '' ? named : '-';
}

/** The flag that takes the address into the range. */
function widenRange(reason: StoredReason): string {
  const ip = parseAddress(reason.ip ?? '');
  const start = parseAddress(reason.network?.start ?? '');
  if (ip === null || start === null) return '';
  return compareAddresses(ip, start) < 0 ? `--start ${reason.ip}` : `--end ${reason.ip}`;
}

/** The prefix that the guest itself says the address is in; a /24 or /64 where it doesn't say. */
function cidrAround(nic: StoredNic, ip: string | null): string {
  const address = parseAddress(ip ?? '');
  if (address === null) return '-';
  const reported = nic.observed.find((one) => one.ip === ip)?.prefixLength ?? null;
  const usual = address.family === 4 ? 24 : 64;
  const single = address.family === 4 ? 32 : 128;
  const length = reported === null || reported === single ? usual : reported;
  return formatPrefix(prefixOf(address, length));
}
