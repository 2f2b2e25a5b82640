import {
  type ChangingLab,
  running,
  startChangingLab,
  stopped,
} from '../../../packages/controller/test/operations/changing-lab.ts';

/** A name as nobody should give one: markup, no place to break, another way of writing. */
export const awkwardName = `<b>${'long-'.repeat(12)}</b>\u05D0`;

/**
 * Servers of every kind that their pages tell apart: settled, on two wires, without Tools, on a wire without a network, with addresses inside the guest,
 * and with a name that breaks what can break.
 */
export function startServerLab(): Promise<ChangingLab> {
  return startChangingLab({
    machines: [
      running('app-1', [['app', '10.21.0.11/24']]),
      running(
        'both-1',
        [
          ['app', '10.21.0.12/24'],
          ['db', '10.22.0.12/24'],
        ],
        {
          extraGuestNics: [
            {
              mac: '02:42:00:00:00:01',
              deviceConfigId: -1,
              connected: true,
              addresses: [{ ip: '172.17.0.1', prefixLength: 16, state: 'preferred' }],
            },
          ],
        },
      ),
      running('mute-1', [['app']], { tools: 'notInstalled' }),
      running('lost-1', [['/bare', '10.77.0.5/24']]),
      stopped('off-1', ['app']),
      stopped('off-2', ['app']),
      running(awkwardName, [['app', '10.21.0.13/24']], { hostName: 'awkward' }),
    ],
  });
}
