import type { ReactNode } from 'react';

/** One of a few values, by the browser's own control: quick, and at home with keyboard and screen reader. */
export function Choice<T extends string>(props: {
  label: string;
  value: T;
  options: readonly { readonly value: T; readonly label: string }[];
  onChange: (value: T) => void;
  /** Shows the label beside the control; otherwise only screen readers hear it. */
  labelled?: boolean;
}): ReactNode {
  const select = (
    <select
      className="wb-choice"
      value={props.value}
      {...(props.labelled !== true && { 'aria-label': props.label, title: props.label })}
      onChange={(event) => {
        const chosen = props.options.find(({ value }) => value === event.target.value);
        if (chosen !== undefined) props.onChange(chosen.value);
      }}
    >
      {props.options.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
  if (props.labelled !== true) return select;
  return (
    <label className="wb-line">
      <span className="wb-quiet">{props.label}</span>
      {select}
    </label>
  );
}
