import type { ReactNode } from 'react';

export function NicPage(): ReactNode {
  return null;
}
