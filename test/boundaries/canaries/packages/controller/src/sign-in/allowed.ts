// caught by: nothing
import '../app/thing.ts';
import '../store/thing.ts';
