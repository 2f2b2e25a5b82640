export const nics = {} as const;
