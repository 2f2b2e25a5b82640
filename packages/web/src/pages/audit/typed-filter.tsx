import type { ReactNode } from 'react';
import { useTyped } from '../../ui/typed.ts';

/** A filter that is typed: it narrows when the typing pauses. */
export function TypedFilter(props: {
  label: string;
  value: string;
  onChange: (text: string) => void;
}): ReactNode {
  const [typed, setTyped] = useTyped(props.value, props.onChange);
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
