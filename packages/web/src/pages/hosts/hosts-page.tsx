import type { ReactNode } from 'react';

export function HostsPage(): ReactNode {
  return null;
}
