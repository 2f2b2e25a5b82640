import type { ReactNode } from 'react';

export function SpacesPage(): ReactNode {
  return null;
}
