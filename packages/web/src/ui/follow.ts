import { useEffect, useState } from 'react';

/** How long until a stream that the browser has given up is opened anew, in milliseconds. */
const OPEN_AGAIN_MS = 3_000;

/**
 * An object of the API that changes while one looks: its server-sent events, from its first state to its last. The browser connects again by itself
 * when the connection breaks, but not when something else than events is answered, as while the controller starts. `null` until the first state is there.
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
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const take = (event: MessageEvent<string>): T => {
      const object: T = JSON.parse(event.data);
      setState({ path: eventsPath, object, broken: false });
      return object;
    };
    const open = (): void => {
      const opened = new EventSource(eventsPath, { withCredentials: true });
      source = opened;
      opened.addEventListener('progress', take);
      opened.addEventListener('end', (event: MessageEvent<string>) => {
        opened.close();
        const last = take(event);
        onEnd?.(last);
      });
      opened.addEventListener('error', () => {
        setState((before) => ({
          path: eventsPath,
          object: before.path === eventsPath ? before.object : null,
          broken: true,
        }));
        if (opened.readyState === EventSource.CLOSED) timer = setTimeout(open, OPEN_AGAIN_MS);
      });
    };
    open();
    return () => {
      clearTimeout(timer);
      source?.close();
    };
    // Whoever listens for the end may be a new function with every drawing; the stream stays.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [eventsPath]);
  return state.path === eventsPath ? state : { object: null, broken: false };
}
