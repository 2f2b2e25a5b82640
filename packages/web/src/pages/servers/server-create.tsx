import type { ReactNode } from 'react';

export function ServerCreatePage(): ReactNode {
  return null;
}
