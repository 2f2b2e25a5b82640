import { languageOf, openCatalogue, type Translate } from '@wirebook/contract';
import type { FastifyRequest } from 'fastify';

/** Finds the words for a request: the catalogue in the language that its `Accept-Language` asks for. */
export interface Words {
  of(request: FastifyRequest): Translate;
}

export function openWords(): Words {
  const catalogue = openCatalogue();
  return { of: (request) => catalogue(languageOf(request.headers['accept-language'])) };
}
