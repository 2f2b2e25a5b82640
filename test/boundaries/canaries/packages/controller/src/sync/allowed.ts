// caught by: nothing
import '../app/thing.ts';
import '../domain/thing.ts';
import '../store/thing.ts';
import '@wirebook/vsphere';
