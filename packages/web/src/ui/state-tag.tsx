import type { ReactNode } from 'react';

/** How a state is to be taken; each has a sign of its own beside its colour. */
export type Tone = 'good' | 'warning' | 'bad' | 'busy' | 'quiet' | 'info';

const signs: Record<Tone, string> = {
  good: '●',
  warning: '▲',
  bad: '■',
  busy: '◐',
  quiet: '○',
  info: '◆',
};

/** A state as a word with a sign; never by colour alone. */
export function StateTag(props: { tone: Tone; children: ReactNode }): ReactNode {
  return (
    <span className={`wb-state wb-tone-${props.tone}`}>
      <span aria-hidden="true">{signs[props.tone]}</span> {props.children}
    </span>
  );
}

/** The sign alone, where the words that it belongs to stand beside it. */
export function StateSign(props: { tone: Tone }): ReactNode {
  return (
    <span className={`wb-sign wb-tone-${props.tone}`} aria-hidden="true">
      {signs[props.tone]}
    </span>
  );
}
