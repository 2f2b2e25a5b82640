// caught by: embedded-database-layer
import '../store/thing.ts';
