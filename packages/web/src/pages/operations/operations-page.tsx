import type { ReactNode } from 'react';

export function OperationsPage(): ReactNode {
  return null;
}
