import type { ReactNode } from 'react';

export function AddressesPage(): ReactNode {
  return null;
}
