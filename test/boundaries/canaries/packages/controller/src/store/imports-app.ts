// caught by: store-layer
using thing = await import('../app/thing.ts');
export const name = String(thing);
