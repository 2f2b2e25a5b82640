import type { ReactNode } from 'react';

export function ConflictsPage(): ReactNode {
  return null;
}
