import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useToast } from './toast.tsx';

/**
 * Something that is asked of the controller and changes what it knows. Afterwards everything on show is read again: a change of one object shows in
 * others (a network settles NICs, a NIC empties a tag).
 */
export function useAct<Input, Result>(
  act: (input: Input) => Promise<Result>,
  options: { readonly done?: (result: Result, input: Input) => string | null } = {},
) {
  const queries = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: act,
    onSuccess: (result, input) => {
      void queries.invalidateQueries();
      const said = options.done?.(result, input) ?? null;
      if (said !== null) toast(said);
    },
  });
}
