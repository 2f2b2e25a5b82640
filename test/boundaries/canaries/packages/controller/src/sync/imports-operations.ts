// caught by: sync-layer
import '../operations/thing.ts';
