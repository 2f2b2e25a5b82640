// caught by: store-layer
import '../sync/thing.ts';
