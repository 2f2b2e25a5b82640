import type { ReactNode } from 'react';

export function ReservationsPage(): ReactNode {
  return null;
}
