import type { ReactNode } from 'react';

export function AddressPage(): ReactNode {
  return null;
}
