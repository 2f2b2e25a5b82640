/** Keeps a source one item ahead of its consumer, so that the server works while the consumer does. */
export async function* oneAhead<T>(
  source: AsyncGenerator<T, void, void>,
  abandon: AbortController,
): AsyncGenerator<T, void, void> {
  let next = source.next();
  try {
    for (;;) {
      const item = await next;
      if (item.done === true) {
        return;
      }
      next = source.next();
      // Awaited in the next round; until then a failure is not an unhandled one.
      next.catch(() => undefined);
      yield item.value;
    }
  } finally {
    abandon.abort();
    await next.catch(() => undefined);
    await source.return();
  }
}
