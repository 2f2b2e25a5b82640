// caught by: app-layer
import '../http/thing.ts';
