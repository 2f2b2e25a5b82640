// caught by: app-layer
export type * from '../http/thing.ts';
