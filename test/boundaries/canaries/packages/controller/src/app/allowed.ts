// caught by: nothing
import '../store/thing.ts';
import '../domain/thing.ts';
import '@wirebook/contract';
