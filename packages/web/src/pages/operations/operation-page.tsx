import type { ReactNode } from 'react';

export function OperationPage(): ReactNode {
  return null;
}
