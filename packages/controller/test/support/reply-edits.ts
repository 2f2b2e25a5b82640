import type { Moref } from '@wirebook/simulator';

/** Edits of a property collector's reply, for the proxy to make: what a vCenter says that the simulator doesn't. */

/** The object is not in the reply. */
export function withoutObject(reply: string, object: Moref): string {
  return editObject(reply, object, () => '');
}

/** A VM whose host has gone, as vCenter shows it: neither configuration nor guest, and another connection state. */
export function asUnreadable(reply: string, vm: Moref): string {
  return editObject(reply, vm, (text) =>
    text
      .replaceAll(/<propSet><name>(?:config|guest)\..*?<\/propSet>/gs, '')
      .replace(/(<name>runtime\.connectionState<\/name><val[^>]*>)\w+/, '$1disconnected'),
  );
}

/** A host that vCenter has lost: its configuration is not given. */
export function asSilentHost(reply: string, host: Moref): string {
  return editObject(reply, host, (text) =>
    text
      .replaceAll(/<propSet><name>(?:config|hardware)\..*?<\/propSet>/gs, '')
      .replace(/(<name>runtime\.connectionState<\/name><val[^>]*>)\w+/, '$1notResponding'),
  );
}

/** A property that the account may not read. */
export function withoutPrivilege(reply: string, object: Moref, path: string, privilege: string): string {
  return editObject(
    reply,
    object,
    (text) =>
      `${text
        .replace(new RegExp(`<propSet><name>${path.replaceAll('.', '\\.')}</name>.*?</propSet>`, 's'), '')
        .replace(
          /<\/objects>$/,
          '',
        )}<missingSet><path>${path}</path><fault><fault xsi:type="NoPermission"><object type="${object.type}">${object.value}</object><privilegeId>${privilege}</privilegeId></fault><localizedMessage></localizedMessage></fault></missingSet></objects>`,
  );
}

/** The name of an object is another one. */
export function renamed(reply: string, object: Moref, name: string): string {
  return editObject(reply, object, (text) =>
    text.replace(/(<name>name<\/name><val[^>]*>)[^<]*/, (_, head: string) => `${head}${name}`),
  );
}

function editObject(reply: string, object: Moref, edit: (text: string) => string): string {
  const pattern = new RegExp(
    `<objects>\\s*<obj type="${object.type}">${object.value}</obj>.*?</objects>`,
    'gs',
  );
  return reply.replaceAll(pattern, edit);
}
