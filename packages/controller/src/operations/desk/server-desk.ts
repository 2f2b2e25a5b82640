import { privileges } from '@wirebook/vsphere';
import type { ServerDesk } from '../../app/server-desk.ts';
import {
  beginChange,
  planChange,
  prepareAttachment,
  prepareDeletion,
  prepareDetachment,
  prepareNicChange,
} from './changing.ts';
import { createServers, planServers } from './creating.ts';
import type { DeskParts } from './parts.ts';

/** Where changes of servers are asked for: everything is looked at, refused or begun here; operations do the rest. */
export function openServerDesk(parts: DeskParts): ServerDesk {
  return {
    privileges: () => privileges,
    planServers: (input, options) => planServers(parts, input, options),
    createServers: (input, options) => createServers(parts, input, options),
    planDeletion: async (server, options) => planChange(parts, await prepareDeletion(parts, server, options)),
    deleteServer: async (server, options) =>
      beginChange(parts, await prepareDeletion(parts, server, options), options),
    planAttachment: async (server, input) => planChange(parts, await prepareAttachment(parts, server, input)),
    attachNic: async (server, input, options) =>
      beginChange(parts, await prepareAttachment(parts, server, input), options),
    planDetachment: async (server, mac) => planChange(parts, await prepareDetachment(parts, server, mac)),
    detachNic: async (server, mac, options) =>
      beginChange(parts, await prepareDetachment(parts, server, mac), options),
    planNicChange: async (server, mac, input) =>
      planChange(parts, await prepareNicChange(parts, server, mac, input)),
    changeNic: async (server, mac, input, options) =>
      beginChange(parts, await prepareNicChange(parts, server, mac, input), options),
  };
}
