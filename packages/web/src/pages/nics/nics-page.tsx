import type { ReactNode } from 'react';

export function NicsPage(): ReactNode {
  return null;
}
