// caught by: nothing
import './app/thing.ts';
import './domain/thing.ts';
import './embedded-database/thing.ts';
import './http/thing.ts';
import './operations/thing.ts';
import './store/thing.ts';
import './sync/thing.ts';
import '@wirebook/contract';
import '@wirebook/vsphere';
