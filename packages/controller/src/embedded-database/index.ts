export { DataFolderHeld, lockDataFolder } from './data-folder-lock.ts';
export type { DataFolderLock } from './data-folder-lock.ts';
export { EmbeddedDatabaseUnavailable } from './unavailable.ts';
export { startEmbeddedDatabase } from './server.ts';
export type { EmbeddedDatabase } from './server.ts';
