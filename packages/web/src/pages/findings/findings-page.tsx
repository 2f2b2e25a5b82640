import type { ReactNode } from 'react';

export function FindingsPage(): ReactNode {
  return null;
}
