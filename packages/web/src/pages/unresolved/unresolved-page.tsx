import type { ReactNode } from 'react';

export function UnresolvedPage(): ReactNode {
  return null;
}
