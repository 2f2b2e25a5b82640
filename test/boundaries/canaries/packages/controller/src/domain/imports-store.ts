// caught by: domain-layer
import '../store/thing.ts';
