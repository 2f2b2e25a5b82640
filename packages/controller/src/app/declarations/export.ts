import { declarationKinds } from '@wirebook/contract';
import type { Database } from '../../store/database.ts';
import { openDeclarations } from '../../store/declarations/export.ts';

/**
 * Everything that people declared, as the text of one JSON document (`Declarations`), piece by piece: an item a line, so that two of them
 * can be held against each other. All of it is of one moment. Whoever stops reading ends it.
 */
export async function* exportDeclarations(db: Database, now: Date): AsyncGenerator<string> {
  const reading = await openDeclarations(db);
  try {
    yield `{"format":"wirebook-declarations","version":1,"exportedAt":"${now.toISOString()}"`;
    for (const kind of declarationKinds) {
      yield `,\n"${kind}":[`;
      let between = '\n';
      for await (const items of reading.read(kind)) {
        yield between + items.join(',\n');
        between = ',\n';
      }
      yield '\n]';
    }
    yield '\n}\n';
  } finally {
    await reading.end();
  }
}
