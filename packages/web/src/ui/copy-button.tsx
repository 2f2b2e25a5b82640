import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Puts a text into the clipboard, and says so in its own place. */
export function CopyButton(props: { text: string; label?: string }): ReactNode {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    if (!(await writeClipboard(props.text))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <Button onClick={() => void copy()}>
      <span aria-live="polite">{copied ? t('common.copied') : (props.label ?? t('common.copy'))}</span>
    </Button>
  );
}

/**
 * The clipboard is there only where the page came by https or from this machine; elsewhere, or where the browser refuses it, a selection is copied, as
 * of old. False where neither works.
 */
export async function writeClipboard(text: string): Promise<boolean> {
  // Typed as if it were always there.
  const clipboard: Clipboard | undefined = navigator.clipboard;
  if (clipboard !== undefined)
    try {
      await clipboard.writeText(text);
      return true;
    } catch {
      return copySelection(text);
    }
  return copySelection(text);
}

function copySelection(text: string): boolean {
  const before = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  // A dialog takes the focus back from what lies outside of it, and the selection with it.
  (before?.closest('[role="dialog"]') ?? document.body).append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return copied;
}
