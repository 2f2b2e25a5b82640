// caught by: http-layer
import '../store/thing.ts';
