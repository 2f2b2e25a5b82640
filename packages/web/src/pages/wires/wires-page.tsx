import type { ReactNode } from 'react';

export function WiresPage(): ReactNode {
  return null;
}
