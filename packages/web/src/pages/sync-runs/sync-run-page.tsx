import type { ReactNode } from 'react';

export function SyncRunPage(): ReactNode {
  return null;
}
