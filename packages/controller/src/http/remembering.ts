/** What was looked up a moment ago, so that not every request looks again. */
export interface Remembering<T> {
  recall(key: string): T | null;
  /** Begins a look-up; the answer takes what was found, unless something was forgotten meanwhile: then it may be out of date already. */
  begin(key: string): (found: T) => void;
  forget(which: (known: T) => boolean): void;
}

const AT_MOST = 10_000;

/** Knows things for a while. `until` shortens that for what ends sooner by itself. Milliseconds. */
export function openRemembering<T>(options: {
  ms: number;
  until: (known: T) => number | null;
}): Remembering<T> {
  const known = new Map<string, { value: T; until: number }>();
  let forgotten = 0;
  return {
    recall: (key) => {
      const found = known.get(key);
      return found !== undefined && found.until > Date.now() ? found.value : null;
    },
    begin: (key) => {
      const before = forgotten;
      return (value) => {
        if (before !== forgotten) return;
        if (known.size >= AT_MOST) known.clear();
        const until = Math.min(Date.now() + options.ms, options.until(value) ?? Infinity);
        known.set(key, { value, until });
      };
    },
    forget: (which) => {
      forgotten += 1;
      for (const [key, { value }] of known) if (which(value)) known.delete(key);
    },
  };
}
