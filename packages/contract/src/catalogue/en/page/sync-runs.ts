export const syncRuns = {} as const;
