import { type ReactNode, type Ref, useId, useState } from 'react';
import './combobox.css';

export interface ComboOption {
  readonly key: string;
  readonly title: string;
  readonly detail?: string | undefined;
}

export interface ComboGroup<Option extends ComboOption> {
  readonly key: string;
  /** Without it the options stand in no group. */
  readonly title?: string;
  readonly options: readonly Option[];
}

/**
 * A text field with a list of what it may mean, after the combobox pattern of ARIA: the focus stays in the field, arrows go through the list, Enter
 * takes what is marked, Escape closes.
 */
export function Combobox<Option extends ComboOption>({
  inputRef,
  ...props
}: {
  label: string;
  value: string;
  onValue: (text: string) => void;
  groups: readonly ComboGroup<Option>[];
  onChoose: (option: Option) => void;
  /** Enter while nothing in the list is marked. */
  onEnter?: () => void;
  /** Below or in place of the options: that it still looks, that there is nothing. */
  note?: ReactNode;
  /** Opens the list while nothing is typed yet. */
  openEmpty?: boolean;
  placeholder?: string;
  shortcut?: string;
  inputRef?: Ref<HTMLInputElement>;
}): ReactNode {
  const made = useId();
  const list = `${made}-list`;
  const [open, setOpen] = useState(false);
  const [marked, setMarked] = useState<string | null>(null);
  const { groups, value, note } = props;
  const options = groups.flatMap((group) => group.options);
  const at = options.findIndex(({ key }) => key === marked);
  const wanted = open && (props.openEmpty === true || value.trim() !== '');
  const shown = wanted && (options.length > 0 || note !== undefined);
  const idOf = (key: string): string => `${made}-${key}`;
  const choose = (option: Option): void => {
    setOpen(false);
    setMarked(null);
    props.onChoose(option);
  };
  const move = (to: number): void => {
    const option = options.at(to % Math.max(options.length, 1));
    setOpen(true);
    if (option === undefined) return;
    setMarked(option.key);
    document.getElementById(idOf(option.key))?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <div className="wb-combo">
      <input
        ref={inputRef}
        className="wb-combo-input"
        role="combobox"
        type="text"
        autoComplete="off"
        spellCheck={false}
        aria-label={props.label}
        aria-expanded={shown}
        aria-controls={shown ? list : undefined}
        aria-autocomplete="list"
        aria-activedescendant={shown && at >= 0 && marked !== null ? idOf(marked) : undefined}
        aria-keyshortcuts={props.shortcut}
        placeholder={props.placeholder}
        title={props.placeholder}
        value={value}
        onChange={(event) => {
          setOpen(true);
          setMarked(null);
          props.onValue(event.target.value);
        }}
        onPaste={(event) => {
          // A field of one line would run the lines of a pasted list together.
          const text = event.clipboardData.getData('text');
          if (!/[\r\n]/.test(text)) return;
          event.preventDefault();
          setOpen(true);
          props.onValue(`${value} ${text.replaceAll(/\s+/g, ' ')}`.trim());
        }}
        onFocus={() => setOpen(true)}
        onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'ArrowDown') move(at + 1);
          else if (event.key === 'ArrowUp') move(at <= 0 ? options.length - 1 : at - 1);
          else if (event.key === 'Escape' && shown) setOpen(false);
          else if (event.key === 'Enter') {
            const option = shown ? options[at] : undefined;
            if (option !== undefined) choose(option);
            else if (props.onEnter !== undefined) {
              setOpen(false);
              props.onEnter();
            } else return;
          } else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      {shown && (
        <div className="wb-combo-popup" onMouseDown={(event) => event.preventDefault()}>
          {options.length > 0 && (
            <div role="listbox" id={list} aria-label={props.label}>
              {groups.map((group) => (
                <Group key={group.key} id={idOf(`group-${group.key}`)} title={group.title}>
                  {group.options.map((option) => (
                    <div
                      key={option.key}
                      id={idOf(option.key)}
                      role="option"
                      className="wb-combo-option"
                      aria-selected={option.key === marked}
                      onClick={() => choose(option)}
                      title={option.title}
                    >
                      <span className="wb-combo-title">{option.title}</span>
                      {option.detail !== undefined && (
                        <span className="wb-combo-detail">{option.detail}</span>
                      )}
                    </div>
                  ))}
                </Group>
              ))}
            </div>
          )}
          {note !== undefined && (
            <div className="wb-combo-note" role="status" {...(options.length === 0 && { id: list })}>
              {note}
            </div>
          )}
        </div>
      )}
    </div>
  );
}

function Group(props: { id: string; title: string | undefined; children: ReactNode }): ReactNode {
  if (props.title === undefined) return props.children;
  return (
    <div role="group" aria-labelledby={props.id}>
      <div id={props.id} role="presentation" className="wb-combo-group">
        {props.title}
      </div>
      {props.children}
    </div>
  );
}
