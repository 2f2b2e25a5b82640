/** What says who has an address, or what it is. */
export const evidence = {} as const;
