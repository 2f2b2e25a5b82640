// caught by: http-layer
import '../embedded-database/thing.ts';
