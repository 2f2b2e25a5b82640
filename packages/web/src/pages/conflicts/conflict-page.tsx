import type { ReactNode } from 'react';

export function ConflictPage(): ReactNode {
  return null;
}
