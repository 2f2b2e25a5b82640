// caught by: app-layer
import '../operations/thing.ts';
