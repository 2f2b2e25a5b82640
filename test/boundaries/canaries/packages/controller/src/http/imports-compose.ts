// caught by: http-layer
import '../compose.ts';
