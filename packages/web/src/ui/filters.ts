import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export type Filters = Readonly<Record<string, string | undefined>>;

/** What a list is narrowed by: it stands in the address, so that it survives a reload and can be sent to somebody. */
export function useFilters(): readonly [Filters, (changed: Filters) => void] {
  const filters: Filters = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = useCallback(
    (changed: Filters) => {
      void navigate({
        to: '.',
        replace: true,
        resetScroll: false,
        search: (before: Filters) => ({ ...before, ...changed }),
      });
    },
    [navigate],
  );
  return [filters, change];
}

/** A filter that is either; anything else in the address narrows nothing. */
export function flagOf(text: string | undefined): 'true' | 'false' | undefined {
  return text === 'true' || text === 'false' ? text : undefined;
}
