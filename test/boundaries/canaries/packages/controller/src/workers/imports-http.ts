// caught by: workers-layer
import '../http/thing.ts';
