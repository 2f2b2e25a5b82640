import { servedVcenter, simulatedVcenter, type SimulatedVcenter, type Translate } from '@wirebook/contract';
import {
  showSimulatedVcenter,
  type SimulatedState,
  startSimulatedVcenter,
} from '../../app/simulated-vcenter.ts';
import { type App, refusals, type RouteParts } from '../app.ts';

const tags = ['simulated-vcenter'];

export function addSimulatedVcenterRoutes(app: App, parts: RouteParts): void {
  const { words } = parts;
  app.get(
    '/simulated-vcenter',
    {
      schema: {
        tags,
        summary: 'Whether a vCenter to try with can be started here, and how it is',
        response: { 200: simulatedVcenter, ...refusals },
      },
    },
    async (request) => {
      const { account, ...state } = await showSimulatedVcenter(parts);
      return { ...render(state, words.of(request)), account };
    },
  );
  app.post(
    '/simulated-vcenter',
    {
      config: { role: 'administrator' },
      schema: {
        tags,
        summary: 'Start the vCenter to try with, unless it runs, and say what adding it takes',
        response: { 200: servedVcenter, ...refusals },
      },
    },
    (request) => {
      const t = words.of(request);
      return startSimulatedVcenter(parts.simulatedVcenter, (why) => t(`simulated.why.${why}`));
    },
  );
}

function render(now: SimulatedState, t: Translate): Omit<SimulatedVcenter, 'account'> {
  const failed = now.state === 'stopped' && now.failed;
  return {
    available: now.state !== 'unavailable',
    running: now.state === 'running',
    starting: now.state === 'starting',
    why:
      now.state === 'unavailable' ? t(`simulated.why.${now.why}`) : failed ? t('simulated.why.failed') : null,
    progress: now.state === 'starting' ? t(`simulated.progress.${now.phase}`) : null,
    note: t('simulated.note'),
    url: now.state === 'running' ? now.served.url : null,
  };
}
