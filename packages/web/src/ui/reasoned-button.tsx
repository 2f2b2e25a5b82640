import { Button, type ButtonProps, Tooltip } from 'antd';
import type { ReactNode } from 'react';

/** A button that, where it can't be pressed, says why: it stays reachable by keyboard, and its reason is its description. */
export function ReasonedButton(props: ButtonProps & { why: string | null }): ReactNode {
  const { why, onClick, ...rest } = props;
  if (why === null) return <Button {...rest} {...(onClick !== undefined && { onClick })} />;
  return (
    <Tooltip title={why}>
      <Button
        {...rest}
        htmlType="button"
        aria-disabled="true"
        aria-description={why}
        className={`wb-unavailable ${rest.className ?? ''}`}
      />
    </Tooltip>
  );
}
