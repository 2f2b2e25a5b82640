import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../../api.ts';

const PAUSE_MS = 350;
type Plan = Schemas['ServerPlan'];

interface Seen {
  readonly of: string;
  readonly plan: Plan | null;
  readonly error: unknown;
}

export interface Planned {
  /** The last one that came, also while another is asked for. */
  readonly plan: Plan | null;
  readonly error: unknown;
  /** Whether it is of what stands in the form now. */
  readonly current: boolean;
  readonly again: () => void;
}

/**
 * What a request for servers would come to, asked for whenever the typing pauses; a question that is outrun is taken back. The request has secrets in
 * it, so that it is kept nowhere but here, not among what the page remembers.
 */
export function usePlan(body: Schemas['CreateServerInput'] | null): Planned {
  const { i18n } = useTranslation();
  const [seen, setSeen] = useState<Seen | null>(null);
  const [round, setRound] = useState(0);
  const asked = body === null ? null : `${i18n.language} ${round} ${JSON.stringify(body)}`;
  useEffect(() => {
    if (asked === null || body === null) return undefined;
    const stopping = new AbortController();
    const look = async (): Promise<void> => {
      try {
        const plan = await ask(
          api.POST('/api/v1/servers', {
            params: { query: { dryRun: 'true' } },
            body,
            signal: stopping.signal,
          }),
        );
        if (!stopping.signal.aborted && 'dryRun' in plan) setSeen({ of: asked, plan, error: null });
      } catch (error) {
        if (!stopping.signal.aborted) setSeen({ of: asked, plan: null, error });
      }
    };
    const timer = setTimeout(() => void look(), PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stopping.abort();
    };
    // The text stands for the body, which is a new object with every drawing.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [asked]);
  if (asked === null || seen === null)
    return { plan: null, error: null, current: false, again: () => undefined };
  return {
    plan: seen.plan,
    error: seen.error,
    current: seen.of === asked,
    again: () => setRound((before) => before + 1),
  };
}
