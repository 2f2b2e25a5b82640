// caught by: nothing
import '../sync/thing.ts';
