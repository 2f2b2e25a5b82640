export const newServer = {} as const;
