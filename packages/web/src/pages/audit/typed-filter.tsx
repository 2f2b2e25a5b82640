import { type ReactNode, useEffect, useState } from 'react';

const PAUSE_MS = 350;

/** A filter that is typed: it narrows when the typing pauses. */
export function TypedFilter(props: {
  label: string;
  value: string;
  onChange: (text: string) => void;
}): ReactNode {
  const { value, onChange } = props;
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed.trim() === value) return undefined;
    const timer = setTimeout(() => onChange(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <input
      className="wb-input wb-audit-actor"
      aria-label={props.label}
      placeholder={props.label}
      value={typed}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}
