import { type ReactNode, useId, useState } from 'react';
import type { FieldRefusal } from './refusals.ts';

/** What ties a control to its label, hint and refusal. */
interface Tied {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean;
}

/** A control with its label, what is worth knowing, and what the controller has against it. */
export function FormField(props: {
  label: string;
  hint?: string | undefined;
  refusals: readonly FieldRefusal[];
  children: (tied: Tied) => ReactNode;
}): ReactNode {
  const id = useId();
  const { hint, refusals } = props;
  const described = [
    ...(hint === undefined ? [] : [`${id}-hint`]),
    ...(refusals.length === 0 ? [] : [`${id}-refusal`]),
  ].join(' ');
  return (
    <div className="wb-make-field">
      <label htmlFor={id}>{props.label}</label>
      {props.children({
        id,
        'aria-describedby': described === '' ? undefined : described,
        'aria-invalid': refusals.length > 0,
      })}
      <Refusals id={`${id}-refusal`} of={refusals} />
      {hint !== undefined && (
        <div id={`${id}-hint`} className="wb-make-hint">
          {hint}
        </div>
      )}
    </div>
  );
}

export function Refusals(props: { id?: string; of: readonly FieldRefusal[] }): ReactNode {
  if (props.of.length === 0) return null;
  return (
    <div id={props.id} className="wb-make-refusal" role="status">
      {props.of.map(({ field, text, remedy }) => (
        <div key={`${field} ${text}`}>
          <span aria-hidden="true">{'■ '}</span>
          {text}
          {remedy !== '' && <div className="wb-remedy">{remedy}</div>}
        </div>
      ))}
    </div>
  );
}

/** A field of text or numbers. */
export function FormInput(props: {
  label: string;
  value: string;
  onChange: (text: string) => void;
  hint?: string | undefined;
  refusals: readonly FieldRefusal[];
  type?: 'text' | 'password';
  /** Numbers are typed as text, so that what is wrong with them can be said here. */
  numeric?: boolean;
  code?: boolean;
  lines?: number;
  offered?: readonly string[];
}): ReactNode {
  const list = useId();
  const { offered = [], lines, code, numeric } = props;
  const className = code === true ? 'wb-make-input wb-code' : 'wb-make-input';
  return (
    <FormField label={props.label} hint={props.hint} refusals={props.refusals}>
      {(tied) =>
        lines === undefined ? (
          <>
            <input
              {...tied}
              className={className}
              type={props.type ?? 'text'}
              value={props.value}
              spellCheck={false}
              autoComplete={props.type === 'password' ? 'new-password' : 'off'}
              {...(numeric === true && { inputMode: 'decimal' as const })}
              {...(offered.length > 0 && { list })}
              onChange={(event) => props.onChange(event.target.value)}
            />
            {offered.length > 0 && (
              <datalist id={list}>
                {offered.map((value) => (
                  <option key={value} value={value} />
                ))}
              </datalist>
            )}
          </>
        ) : (
          <textarea
            {...tied}
            className={className}
            rows={lines}
            value={props.value}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => props.onChange(event.target.value)}
          />
        )
      }
    </FormField>
  );
}

/** Fields that are rarely needed, folded away; open where something in them is wrong. */
export function Folded(props: {
  title: string;
  /** What has been filled in there, to be seen while it is folded. */
  note?: string | undefined;
  refusals: readonly FieldRefusal[];
  children: ReactNode;
}): ReactNode {
  const wrong = props.refusals.length > 0;
  const [open, setOpen] = useState(wrong);
  const [wasWrong, setWasWrong] = useState(wrong);
  if (wrong !== wasWrong) {
    setWasWrong(wrong);
    if (wrong) setOpen(true);
  }
  return (
    <details className="wb-make-folded" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {props.title}
        {props.note !== undefined && <span className="wb-quiet">{props.note}</span>}
      </summary>
      <div className="wb-make-fields">{props.children}</div>
    </details>
  );
}
