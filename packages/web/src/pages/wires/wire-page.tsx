import type { ReactNode } from 'react';

export function WirePage(): ReactNode {
  return null;
}
