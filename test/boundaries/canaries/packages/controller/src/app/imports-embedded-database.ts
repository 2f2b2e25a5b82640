// caught by: app-layer
import '../embedded-database/thing.ts';
