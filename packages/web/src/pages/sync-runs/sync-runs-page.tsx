import type { ReactNode } from 'react';

export function SyncRunsPage(): ReactNode {
  return null;
}
