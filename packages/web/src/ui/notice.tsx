import type { ReactNode } from 'react';

/** Something worth knowing, with what to do about it. Said by a screen reader when it comes. */
export function Notice(props: {
  kind: 'info' | 'good' | 'warning';
  title: ReactNode;
  children?: ReactNode;
}): ReactNode {
  return (
    <div className={`wb-notice wb-notice-${props.kind}`} role="status">
      <strong>{props.title}</strong>
      {props.children}
    </div>
  );
}

/** In place of a list or a part that has nothing in it: why, and what to do next. */
export function Empty(props: { title: string; children?: ReactNode }): ReactNode {
  return (
    <div className="wb-empty">
      <strong>{props.title}</strong>
      {props.children}
    </div>
  );
}
