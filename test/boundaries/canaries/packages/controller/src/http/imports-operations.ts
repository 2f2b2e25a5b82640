// caught by: http-layer
import '../operations/thing.ts';
