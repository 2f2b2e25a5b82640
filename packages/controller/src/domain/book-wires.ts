/** The wires as a book knows them that was kept the old way: by VLAN id, and by the virtual switch that they are on. */
export interface BookWire {
  readonly id: string;
  readonly name: string;
  readonly spaceId: string;
  readonly spaceName: string;
  /** Where it is: a standard group may have another VLAN on each host. 0: frames carry no tag. */
  readonly places: readonly {
    readonly vlan: number;
    readonly switch: { readonly id: string; readonly name: string } | null;
  }[];
}

export interface BookWires {
  /** Those of the VLAN, on the switch where one is named (by name or id). */
  fitting(vlan: number, switchName: string | null): readonly BookWire[];
  /** Names of the switches that have the VLAN. */
  switchesOf(vlan: number): readonly string[];
}

export function indexBookWires(wires: readonly BookWire[]): BookWires {
  const byVlan = new Map<number, BookWire[]>();
  for (const wire of wires) {
    for (const vlan of new Set(wire.places.map((place) => place.vlan))) {
      const list = byVlan.get(vlan);
      if (list === undefined) byVlan.set(vlan, [wire]);
      else list.push(wire);
    }
  }
  return {
    fitting: (vlan, switchName) => {
      const own = byVlan.get(vlan) ?? [];
      if (switchName === null) return own;
      return own.filter((wire) =>
        wire.places.some(
          (place) =>
            place.vlan === vlan && (place.switch?.name === switchName || place.switch?.id === switchName),
        ),
      );
    },
    switchesOf: (vlan) => {
      const names = (byVlan.get(vlan) ?? []).flatMap((wire) =>
        wire.places.flatMap((place) => (place.vlan === vlan ? (place.switch?.name ?? []) : [])),
      );
      return [...new Set(names)].toSorted();
    },
  };
}

/** How many NICs of a wire are seen with addresses of a range. */
export interface RangeUse {
  readonly wire: { readonly id: string; readonly name: string };
  readonly nics: number;
}

/** The most used first; of equals by name, then by id. */
export function sortUses<T extends RangeUse>(uses: readonly T[]): T[] {
  const textOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return uses.toSorted(
    (a, b) => b.nics - a.nics || textOrder(a.wire.name, b.wire.name) || textOrder(a.wire.id, b.wire.id),
  );
}
