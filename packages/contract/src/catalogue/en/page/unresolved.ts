export const unresolved = {} as const;
