// caught by: nothing
import '../store/thing.ts';
import '../app/thing.ts';
