// caught by: http-layer
import '../sync/thing.ts';
