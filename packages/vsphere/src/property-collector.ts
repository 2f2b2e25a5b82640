import type { CallOptions, ObjectPage, ReadObjectsOptions, ReadRefsOptions } from './client-types.ts';
import type { EntityType, ManagedObject, ManagedType, PathOf } from './managed-types.ts';
import { ObjectReader } from './object-reader.ts';
import { oneAhead } from './one-ahead.ts';
import { newProgress, shapesOf, type RawPage } from './read-progress.ts';
import type { Session } from './session.ts';
import { conforms, type Shape } from './shape.ts';

/** Whether an object's values are those of its properties' shapes: so they were decoded; here the compiler is told. */
function isOf<T extends ManagedType, P extends PathOf<T>>(
  shapes: ReadonlyMap<string, Shape<unknown>>,
  read: { props: Record<string, unknown> } | ManagedObject<T, P>,
): read is ManagedObject<T, P> {
  return Object.entries(read.props).every(([path, value]) => {
    const shape = shapes.get(path);
    return shape !== undefined && conforms(shape, value);
  });
}

async function* read<T extends ManagedType, P extends PathOf<T>>(
  session: Session,
  options: { type: T; properties: readonly P[]; pageSize?: number } & CallOptions,
  open: (reader: ObjectReader) => AsyncGenerator<RawPage, void, void>,
): AsyncGenerator<ObjectPage<T, P>, void, void> {
  const { type, properties, pageSize, signal } = options;
  const abandon = new AbortController();
  const both = signal === undefined ? abandon.signal : AbortSignal.any([signal, abandon.signal]);
  const progress = newProgress();
  const shapes = shapesOf(type, properties);
  const reader = new ObjectReader(session, { type, properties, pageSize }, both, progress);
  for await (const page of oneAhead(open(reader), abandon)) {
    yield {
      ...page,
      objects: page.objects.filter((read) => isOf<T, P>(shapes, read)),
      droppedProperties: [...progress.dropped],
    };
  }
}

export function readObjects<T extends EntityType, P extends PathOf<T>>(
  session: Session,
  options: ReadObjectsOptions<T, P>,
): AsyncGenerator<ObjectPage<T, P>, void, void> {
  return read(session, options, (reader) => reader.readAll());
}

export function readRefs<T extends ManagedType, P extends PathOf<T>>(
  session: Session,
  options: ReadRefsOptions<T, P>,
): AsyncGenerator<ObjectPage<T, P>, void, void> {
  return read(session, options, (reader) => reader.readList(options.refs));
}
