// caught by: store-layer
import '../http/thing.ts';
