// caught by: operations-layer
import '../sync/thing.ts';
