export const wires = {} as const;
