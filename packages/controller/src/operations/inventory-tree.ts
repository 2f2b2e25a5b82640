import { decodeName, type MoRef } from '@wirebook/vsphere';

/** An object of the inventory with the one that it lies in. */
export interface TreeNode {
  readonly ref: MoRef;
  readonly props: { readonly name?: string; readonly parent?: MoRef };
}

/** Where objects lie, by managed object id: up from parent to parent. */
export interface Ancestry {
  /** The first object of such a type on the way up, itself included; null where there is none. */
  above(moref: string | undefined, ...types: readonly string[]): string | null;
  /** Names from below `top` down to the object, joined by `/`; null where the object doesn't lie in `top`. Empty for `top` itself. */
  pathBelow(moref: string, top: string): string | null;
}

export function buildAncestry(nodes: readonly TreeNode[]): Ancestry {
  const byId = new Map(nodes.map((node) => [node.ref.value, node]));
  function* up(moref: string | undefined): Generator<TreeNode> {
    const seen = new Set<string>();
    let node = byId.get(moref ?? '');
    // A loop of parents can't come from vCenter; from anything else it must not hang us.
    while (node !== undefined && !seen.has(node.ref.value)) {
      seen.add(node.ref.value);
      yield node;
      node = byId.get(node.props.parent?.value ?? '');
    }
  }
  return {
    above(moref, ...types) {
      for (const { ref } of up(moref)) if (types.includes(ref.type)) return ref.value;
      return null;
    },
    pathBelow(moref, top) {
      const names: string[] = [];
      for (const { ref, props } of up(moref)) {
        if (ref.value === top) return names.toReversed().join('/');
        names.push(decodeName(props.name ?? ''));
      }
      return null;
    },
  };
}
