// caught by: operations-layer
import '../workers/allowed.ts';
