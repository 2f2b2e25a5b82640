// caught by: known-layers
import '../domain/thing.ts';
