import { type ReactNode, useId } from 'react';

/** A control with its label, and beneath it what is worth knowing. */
export function Field(props: {
  label: string;
  hint?: ReactNode;
  children: (id: string, hintId: string | undefined) => ReactNode;
}): ReactNode {
  const id = useId();
  const hintId = props.hint === undefined ? undefined : `${id}-hint`;
  return (
    <div className="wb-net-field">
      <label htmlFor={id}>{props.label}</label>
      {props.children(id, hintId)}
      {hintId !== undefined && (
        <div id={hintId} className="wb-quiet wb-net-field-hint">
          {props.hint}
        </div>
      )}
    </div>
  );
}

/** One line or more of text, as most fields are. */
export function TextField(props: {
  label: string;
  value: string;
  onChange: (text: string) => void;
  hint?: ReactNode;
  placeholder?: string;
  lines?: number;
  code?: boolean;
  required?: boolean;
  type?: 'text' | 'number' | 'datetime-local';
}): ReactNode {
  const className = props.code === true ? 'wb-input wb-code' : 'wb-input';
  return (
    <Field label={props.label} hint={props.hint}>
      {(id, hintId) =>
        props.lines === undefined ? (
          <input
            id={id}
            className={className}
            type={props.type ?? 'text'}
            value={props.value}
            required={props.required === true}
            placeholder={props.placeholder}
            aria-describedby={hintId}
            autoComplete="off"
            spellCheck={false}
            {...(props.type === 'number' && { min: 0, step: 'any' })}
            onChange={(event) => props.onChange(event.target.value)}
          />
        ) : (
          <textarea
            id={id}
            className={className}
            rows={props.lines}
            value={props.value}
            placeholder={props.placeholder}
            aria-describedby={hintId}
            spellCheck={false}
            onChange={(event) => props.onChange(event.target.value)}
          />
        )
      }
    </Field>
  );
}

/** One of a few. */
export function ChoiceField<T extends string>(props: {
  label: string;
  value: T;
  options: readonly { readonly value: T; readonly label: string }[];
  onChange: (value: T) => void;
  hint?: ReactNode;
}): ReactNode {
  return (
    <Field label={props.label} hint={props.hint}>
      {(id, hintId) => (
        <select
          id={id}
          className="wb-choice"
          value={props.value}
          aria-describedby={hintId}
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
      )}
    </Field>
  );
}
