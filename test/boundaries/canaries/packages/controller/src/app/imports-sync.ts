// caught by: app-layer
import '../sync/thing.ts';
