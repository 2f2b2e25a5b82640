// caught by: sync-layer
import '../http/thing.ts';
