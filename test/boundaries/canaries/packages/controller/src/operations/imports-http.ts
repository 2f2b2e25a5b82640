// caught by: operations-layer
import '../http/thing.ts';
