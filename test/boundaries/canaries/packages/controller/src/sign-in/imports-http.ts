// caught by: sign-in-layer
import '../http/thing.ts';
