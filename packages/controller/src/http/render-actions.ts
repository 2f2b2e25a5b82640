import type { Action, Translate } from '@wirebook/contract';
import { resolutions } from '@wirebook/contract';
import { quoted } from '../app/problem.ts';
import { compareAddresses, parseAddress } from '../domain/addresses.ts';
import type { StoredReason } from '../store/nic-reasons.ts';
import type { StoredNic } from '../store/nics.ts';

/**
 * What mends a reason, the likeliest first: each as a command to paste and as the request that does the same when it is sent as it is,
 * whatever else has been sent meanwhile.
 */
export function actionsOf(reason: StoredReason, nic: StoredNic, t: Translate): Action[] {
  switch (reason.code) {
    case 'template':
      return [];
    case 'powered_off':
    case 'tools_not_installed':
    case 'tools_not_running':
    case 'tools_no_address':
    case 'disconnected':
    case 'vm_unreadable':
      return [readAgain(nic, t), fixByHand(nic, t)];
    case 'no_wire':
      return [readAgain(nic, t)];
    case 'no_network':
      return [...forNetwork(reason, nic, t), seeProposals(reason.ip, t)];
    case 'other_wire':
      return forWire(reason, nic, t);
    case 'outside_range':
      return reason.network === null ? [] : [widen(reason.ip, reason.network, t)];
    case 'taken':
      return forConflict(reason, nic, t);
  }
}

/** What only vCenter or the guest can change is read once it has been changed there. */
function readAgain(nic: StoredNic, t: Translate): Action {
  return {
    label: t('actions.read_again'),
    command: `wirebook account sync ${quoted(nic.account.name)}`,
    placeholders: [],
    request: { method: 'POST', path: `/api/v1/cloud-accounts/${nic.account.id}/sync`, body: {} },
  };
}

function fixByHand(nic: StoredNic, t: Translate): Action {
  return {
    label: t('actions.fix_by_hand'),
    command: `wirebook server fix ${nic.server.id} ${nic.mac === null ? 'IP' : `${nic.mac}=IP`}`,
    placeholders: ['IP'],
    request: null,
  };
}

function seeProposals(ip: string | null, t: Translate): Action {
  return {
    label: t('actions.see_proposals'),
    command: `wirebook proposal list --ip ${ip}`,
    placeholders: [],
    request: { method: 'GET', path: `/api/v1/proposals?ip=${encodeURIComponent(ip ?? '')}`, body: null },
  };
}

/** Its prefix is the one name that a network is sure not to share with another. On a trunk lie many, none of them known by it. */
function forNetwork(reason: StoredReason, nic: StoredNic, t: Translate): Action[] {
  const { cidr, beside, trunk } = reason;
  if (beside !== null) return beside.holds ? [widen(reason.ip, beside, t)] : [];
  if (cidr === null || nic.wire === null || trunk) return [];
  return [
    {
      label: t('actions.make_network', { cidr, wire: nic.wire.name }),
      command: `wirebook network create ${cidr} --wire ${nic.wire.id} --cidr ${cidr}`,
      placeholders: [],
      request: { method: 'POST', path: '/api/v1/networks', body: { name: cidr, wire: nic.wire.id, cidr } },
    },
  ];
}

function widen(
  ip: string | null,
  network: { id: string; name: string; start: string },
  t: Translate,
): Action {
  const side = sideToWiden(ip, network);
  return {
    label: t('actions.widen', { network: network.name, ip }),
    command: `wirebook network update ${network.id} --${side} ${ip}`,
    placeholders: [],
    request: { method: 'PATCH', path: `/api/v1/networks/${network.id}`, body: { [side]: ip } },
  };
}

/** A wire that something speaks against may be another network's: that is for a person to say. */
function forWire(reason: StoredReason, nic: StoredNic, t: Translate): Action[] {
  const { network, link } = reason;
  if (network === null || nic.wire === null) return [];
  const { id, name } = nic.wire;
  const change = (
    action: 'add_wire' | 'exclude_wire',
    flag: '--add' | '--exclude',
    path: 'additional-wires' | 'excluded-wires',
  ): Action => ({
    label: t(`actions.${action}`, { wire: name, network: network.name }),
    command: `wirebook network wires ${network.id} ${flag} ${id}`,
    placeholders: [],
    request: { method: 'POST', path: `/api/v1/networks/${network.id}/${path}`, body: { wires: [id] } },
  });
  const add = change('add_wire', '--add', 'additional-wires');
  if (link?.origin !== 'suggested') return [add];
  return [
    add,
    change('exclude_wire', '--exclude', 'excluded-wires'),
    {
      label: t('actions.own_space', { wire: name }),
      command: 'wirebook proposal list',
      placeholders: [],
      request: { method: 'GET', path: '/api/v1/proposals', body: null },
    },
  ];
}

function forConflict(reason: StoredReason, nic: StoredNic, t: Translate): Action[] {
  const { conflict, ip } = reason;
  const look: Action = {
    label: t('actions.see_conflict'),
    command: `wirebook conflict list --all --ip ${ip}`,
    placeholders: [],
    request: {
      method: 'GET',
      path: `/api/v1/conflicts?resolved=any&ip=${encodeURIComponent(ip ?? '')}`,
      body: null,
    },
  };
  if (conflict === null) return [look];
  const holder = reason.server?.name ?? t('reasons.nobody');
  const open = resolutions.filter((resolution) => resolution !== conflict.resolution);
  return [
    look,
    ...open.map((resolution): Action => ({
      label: t(`actions.${resolution}`, { ip, holder, server: nic.server.name }),
      command: `wirebook conflict resolve ${conflict.id} --${resolution}`,
      placeholders: [],
      request: {
        method: 'POST',
        path: `/api/v1/conflicts/${conflict.id}/resolve`,
        body: { resolution },
      },
    })),
  ];
}

/** The end of the range that has to give way to take the address in. */
export function sideToWiden(ip: string | null, network: { start: string }): 'start' | 'end' {
  const [address, start] = [parseAddress(ip ?? ''), parseAddress(network.start)];
  return address !== null && start !== null && compareAddresses(address, start) < 0 ? 'start' : 'end';
}
