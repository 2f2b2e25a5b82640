import { decodeDocument, type DocumentHandler } from './decoder.ts';
import { list, object, text, type Decoded } from './shape.ts';

/** Where a server lists the API versions that it speaks; it answers without a session. */
export const versionsPath = 'vimServiceVersions.xml';

/** The versions of `urn:vim25` that this client knows, newest first. */
const knownVersions = [
  '9.0.0.0',
  '8.0.3.0',
  '8.0.2.0',
  '8.0.1.0',
  '8.0.0.1',
  '8.0.0.0',
  '7.0.3.0',
  '7.0.2.0',
  '7.0.1.1',
  '7.0.1.0',
  '7.0.0.0',
  '6.9.1',
  '6.8.7',
  '6.7.3',
  '6.7.2',
  '6.7.1',
  '6.7',
  '6.5',
  '6.0',
  '5.5',
  '5.1',
  '5.0',
  '4.1',
  '4.0',
] as const;

/** What is sent when the server does not say what it speaks: every server still met speaks it. */
export const defaultVersion = '5.5';

const namespaces = object({
  namespace: list(object({ name: text, version: text, priorVersions: object({ version: list(text) }) })),
});

type Versions = Decoded<typeof namespaces>;

/** A handler for the versions document; `result` gives the versions of `urn:vim25`. */
export function decodeVersions(): DocumentHandler<Versions> {
  return decodeDocument('namespaces', namespaces);
}

/** The highest version that both know, or the default. */
export function chooseVersion(document: Versions): string {
  const vim = document.namespace.find((entry) => entry.name === 'urn:vim25');
  const spoken = new Set([vim?.version, ...(vim?.priorVersions?.version ?? [])]);
  return knownVersions.find((version) => spoken.has(version)) ?? defaultVersion;
}
