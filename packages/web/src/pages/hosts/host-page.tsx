import type { ReactNode } from 'react';

export function HostPage(): ReactNode {
  return null;
}
