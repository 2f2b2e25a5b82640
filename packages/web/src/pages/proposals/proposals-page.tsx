import type { ReactNode } from 'react';

export function ProposalsPage(): ReactNode {
  return null;
}
