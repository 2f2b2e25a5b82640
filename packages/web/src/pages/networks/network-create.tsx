import type { ReactNode } from 'react';

export function NetworkCreatePage(): ReactNode {
  return null;
}
