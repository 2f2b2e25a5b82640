import { useQuery } from '@tanstack/react-query';
import { Refused, Unreachable } from './api.ts';

export interface SignedIn {
  readonly user: { readonly id: string; readonly name: string; readonly role: Role };
}
export type Role = 'viewer' | 'operator' | 'administrator';

export const sessionKey = ['session'] as const;

/** Who is signed in; null where nobody is. */
export function useSession() {
  return useQuery({
    queryKey: sessionKey,
    staleTime: 60_000,
    queryFn: async ({ signal }): Promise<SignedIn | null> => {
      const response = await fetch('/api/v1/session', { signal, credentials: 'same-origin' }).catch(
        (error: unknown) => {
          throw new Unreachable(error);
        },
      );
      if (response.status === 401) return null;
      if (!response.ok) throw new Refused(await response.json());
      return await response.json();
    },
  });
}

const rank: Record<Role, number> = { viewer: 0, operator: 1, administrator: 2 };

/** Whether the role of who is signed in reaches the needed one. */
export function reaches(session: SignedIn | null | undefined, needed: Role): boolean {
  return session !== null && session !== undefined && rank[session.user.role] >= rank[needed];
}
