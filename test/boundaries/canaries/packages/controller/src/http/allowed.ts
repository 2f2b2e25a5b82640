// caught by: nothing
import '../app/thing.ts';
import '../domain/thing.ts';
import '@wirebook/contract';
import 'fastify';
