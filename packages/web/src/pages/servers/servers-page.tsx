import type { ReactNode } from 'react';

export function ServersPage(): ReactNode {
  return null;
}
