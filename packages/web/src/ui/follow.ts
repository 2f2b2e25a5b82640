import { useEffect, useState } from 'react';

/**
 * An object of the API that changes while one looks: its server-sent events, from its first state to its last. The browser connects again by itself
 * when the connection breaks. `null` until the first state is there.
 */
export function useFollowed<T>(
  eventsPath: string | null,
  onEnd?: (last: T) => void,
): { readonly object: T | null; readonly broken: boolean } {
  const [state, setState] = useState<{ path: string | null; object: T | null; broken: boolean }>({
    path: null,
    object: null,
    broken: false,
  });
  useEffect(() => {
    if (eventsPath === null) return;
    const source = new EventSource(eventsPath, { withCredentials: true });
    const take = (event: MessageEvent<string>): T => {
      const object: T = JSON.parse(event.data);
      setState({ path: eventsPath, object, broken: false });
      return object;
    };
    source.addEventListener('progress', take);
    source.addEventListener('end', (event: MessageEvent<string>) => {
      source.close();
      const last = take(event);
      onEnd?.(last);
    });
    source.addEventListener('error', () =>
      setState((before) => ({
        path: eventsPath,
        object: before.path === eventsPath ? before.object : null,
        broken: true,
      })),
    );
    return () => source.close();
    // Whoever listens for the end may be a new function with every drawing; the stream stays.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [eventsPath]);
  return state.path === eventsPath ? state : { object: null, broken: false };
}
