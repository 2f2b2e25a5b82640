import { useEffect, useRef, useState } from 'react';

const PAUSE_MS = 250;

/**
 * A text that is handed on, without the spaces around it, when the typing pauses, and stands in the address afterwards. What comes back of one's own typing doesn't take away what was
 * typed since; what changes by another hand, as by clearing all filters, is taken over.
 */
export function useTyped(
  value: string,
  onChange: (text: string) => void,
): readonly [string, (text: string) => void] {
  const [typed, setTyped] = useState(value);
  const handedOn = useRef(value);
  useEffect(() => {
    if (value === handedOn.current) return;
    handedOn.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => {
    const text = typed.trim();
    if (text === value) return undefined;
    const timer = setTimeout(() => {
      handedOn.current = text;
      onChange(text);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return [typed, setTyped];
}
