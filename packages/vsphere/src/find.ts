import type { CallOptions, VsphereClient } from './client-types.ts';
import { VsphereError } from './errors.ts';
import { encodeName } from './inventory-name.ts';
import type { MoRef } from './moref.ts';

/**
 * The VM of this name in a folder, null when there is none. Names are unique within a folder, VMs and folders together.
 * @param options.name as people write it (`a/b`, not `a%2fb`)
 */
export async function findVirtualMachine(
  client: VsphereClient,
  { folder, name, signal }: { folder: MoRef; name: string } & CallOptions,
): Promise<MoRef | null> {
  const { searchIndex } = client.serviceContent;
  if (searchIndex === undefined) {
    const fault = { faultType: 'NotSupported', faultString: 'The server has no search index.' };
    throw new VsphereError({ kind: 'fault', fault });
  }
  // Escaped is how vCenter keeps names; an ESXi keeps them as they are.
  for (const form of new Set([encodeName(name), name])) {
    const { returnval } = await client.call(
      'FindChild',
      searchIndex,
      { entity: folder, name: form },
      signal === undefined ? {} : { signal },
    );
    if (returnval?.type === 'VirtualMachine') {
      return returnval;
    }
  }
  return null;
}

/** Those of the candidates whose `config.extraConfig` has this value under this key. Those that have gone are none. */
export async function findByExtraConfig(
  client: VsphereClient,
  options: { candidates: readonly MoRef[]; key: string; value: string } & CallOptions,
): Promise<MoRef[]> {
  const { candidates, key, value, signal } = options;
  const found: MoRef[] = [];
  const properties = ['config.extraConfig'] as const;
  const read = { refs: candidates, type: 'VirtualMachine', properties } as const;
  for await (const page of client.readRefs({ ...read, ...(signal === undefined ? {} : { signal }) })) {
    for (const { ref, props } of page.objects) {
      if (
        props['config.extraConfig']?.some((option) => option.key === key && option.value === value) === true
      ) {
        found.push(ref);
      }
    }
  }
  return found;
}
