import { expect } from 'vitest';
import { defaultLimits } from '../../src/limits.ts';
import { managedTypes, type ManagedType } from '../../src/managed-types.ts';
import { RetrieveResponse, type ReadResult } from '../../src/object-content.ts';
import { XmlScanner } from '../../src/scanner.ts';
import type { Shape } from '../../src/shape.ts';
import { SoapReply } from '../../src/soap-reply.ts';
import { WordTable } from '../../src/words.ts';
import { content, response } from './envelope.ts';

/** What a reply to RetrievePropertiesEx holds, of all properties that this client knows of the type. */
export function decode(type: ManagedType, pieces: readonly Buffer[]): ReadResult {
  const answer = new RetrieveResponse(new Map<string, Shape<unknown>>(Object.entries(managedTypes[type])));
  const reply = new SoapReply('RetrievePropertiesExResponse', answer);
  const scanner = new XmlScanner(reply, defaultLimits, new WordTable(8));
  for (const piece of pieces) {
    scanner.write(piece);
  }
  scanner.end();
  expect(reply.fault()).toBeNull();
  return answer.result;
}

/** The properties of one object whose propSets are these. */
export function propsOf(type: ManagedType, props: Readonly<Record<string, string>>): Record<string, unknown> {
  const reply = response('RetrievePropertiesEx', `<returnval>${content(type, 'x-1', props)}</returnval>`);
  return decode(type, [Buffer.from(reply)]).objects[0]?.props ?? {};
}
