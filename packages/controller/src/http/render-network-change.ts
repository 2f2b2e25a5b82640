import type { NetworkChangeEffect, Translate } from '@wirebook/contract';
import type { StoredNetworkChange } from '../app/network-changes/change.ts';
import { renderNetwork } from './render.ts';

export function renderNetworkChange(change: StoredNetworkChange, t: Translate): NetworkChangeEffect {
  const { nicsMoved } = change;
  return {
    ...change,
    networks: change.networks.map((network) => renderNetwork(network, t)),
    nicsMoved:
      nicsMoved === null
        ? null
        : {
            from: nicsMoved.from,
            to: nicsMoved.to,
            moved: nicsMoved.moved,
            total: nicsMoved.total,
            text: t('attention.nicsMoved', {
              network: nicsMoved.network.name,
              from: nicsMoved.from.name,
              to: nicsMoved.to.name,
              moved: nicsMoved.moved,
              total: nicsMoved.total,
            }),
          },
  };
}
