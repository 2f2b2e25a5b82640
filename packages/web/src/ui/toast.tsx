import { createContext, type ReactNode, use, useCallback, useState } from 'react';

const ToastContext = createContext<(text: string) => void>(() => undefined);
const SHOWN_MS = 6_000;

/** Says in a corner, and to screen readers, that something is done. */
export function useToast(): (text: string) => void {
  return use(ToastContext);
}

export function Toasts(props: { children: ReactNode }): ReactNode {
  const [shown, setShown] = useState<readonly { id: number; text: string }[]>([]);
  const say = useCallback((text: string) => {
    const id = Math.random();
    setShown((before) => [...before.slice(-3), { id, text }]);
    setTimeout(() => setShown((before) => before.filter((toast) => toast.id !== id)), SHOWN_MS);
  }, []);
  return (
    <ToastContext value={say}>
      {props.children}
      <div className="wb-toasts" role="status" aria-live="polite">
        {shown.map(({ id, text }) => (
          <div key={id} className="wb-toast">
            {text}
          </div>
        ))}
      </div>
    </ToastContext>
  );
}
