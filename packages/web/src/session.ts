import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, ask, Refused, tell } from './api.ts';
import { linkTo } from './paths.ts';

export type Role = 'viewer' | 'operator' | 'administrator';
export interface SignedIn {
  readonly user: {
    readonly name: string;
    /** What one signs in as; of a token that belongs to nobody, what the audit trail has for it. */
    readonly username: string;
    readonly role: Role;
    /** False: came by a link, and can't come again without another one. */
    readonly hasPassword: boolean;
  };
}

export const sessionKey = ['session'] as const;

/** The same whether a page asks who is signed in, or the start of all pages does. */
export const sessionOptions = {
  queryKey: sessionKey,
  staleTime: 60_000,
  queryFn: ({ signal }: { signal: AbortSignal }) => readSession(signal),
};

/** Who is signed in; null where nobody is. */
export function useSession() {
  return useQuery(sessionOptions);
}

async function readSession(signal: AbortSignal): Promise<SignedIn | null> {
  try {
    const { actor, role, user } = await ask(api.GET('/api/v1/session', { signal }));
    return {
      user: {
        name: user?.name ?? actor,
        username: user?.username ?? actor,
        role,
        hasPassword: user?.hasPassword ?? true,
      },
    };
  } catch (error) {
    if (error instanceof Refused && error.problem.code === 'unauthorized') return null;
    throw error;
  }
}

const rank: Record<Role, number> = { viewer: 0, operator: 1, administrator: 2 };

/** Whether the role of who is signed in reaches the needed one. */
export function reaches(session: SignedIn | null | undefined, needed: Role): boolean {
  return session !== null && session !== undefined && rank[session.user.role] >= rank[needed];
}

/** Ends the session, and goes to where one signs in. What was read as one person isn't shown to the next. */
export function useSignOut() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => tell(api.DELETE('/api/v1/session')),
    onSuccess: async () => {
      queries.clear();
      queries.setQueryData(sessionKey, null);
      await navigate(linkTo('signIn'));
    },
  });
}
