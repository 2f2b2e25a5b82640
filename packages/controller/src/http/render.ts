import type {
  AddressBlock,
  CloudAccount,
  Conflict,
  Network,
  NetworkAddress,
  NetworkEffect,
  NicSummary,
  SyncRun,
  Translate,
} from '@wirebook/contract';
import type { StoredAddressBlock } from '../app/address-blocks.ts';
import type { Evidence } from '../app/address-evidence.ts';
import type { StoredConflict } from '../app/conflicts.ts';
import type { StoredNetworkAddress } from '../app/network-addresses.ts';
import type { StoredNetworkEffect } from '../app/network-effect.ts';
import { quoted } from '../app/problem.ts';
import type { StoredAccount } from '../store/account-list.ts';
import type { StoredNetwork } from '../store/networks.ts';
import type { NicCounts } from '../store/nics.ts';
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

export function renderAddressBlock(block: StoredAddressBlock, t: Translate): AddressBlock {
  return { ...block, evidence: renderEvidence(block.evidence, t) };
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
