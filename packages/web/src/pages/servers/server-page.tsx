import type { ReactNode } from 'react';

export function ServerPage(): ReactNode {
  return null;
}
