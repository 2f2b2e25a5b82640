import type { ReactNode } from 'react';

export function NetworksPage(): ReactNode {
  return null;
}
