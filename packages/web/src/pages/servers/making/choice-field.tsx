import type { ReactNode } from 'react';
import { FormField } from './form-field.tsx';
import type { FieldRefusal } from './refusals.ts';

/** One of a few, with what the controller has against it. */
export function ChoiceField<T extends string>(props: {
  label: string;
  hint: string;
  value: T;
  options: readonly { readonly value: T; readonly label: string }[];
  refusals: readonly FieldRefusal[];
  onChange: (value: T) => void;
}): ReactNode {
  return (
    <FormField label={props.label} hint={props.hint} refusals={props.refusals}>
      {(tied) => (
        <select
          {...tied}
          className="wb-choice"
          value={props.value}
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
    </FormField>
  );
}
