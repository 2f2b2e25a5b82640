import { type FieldError, Problem } from '../../app/problem.ts';
import { candidatesOf, countUses, type NicBinding, pickPortGroup } from '../../domain/placement/wires.ts';
import type { Database } from '../../store/database.ts';
import { loadPlacementBook, type ServerSource } from '../../store/placement.ts';
import type { AddressWish, WishedNic } from './wishes.ts';

/** The first of the networks that would do whose wire the server's host has. Problem: `no_host_fits`. */
export async function bindOnHost(
  db: Database,
  server: ServerSource,
  wish: WishedNic,
  /** The wire that the NIC is on already: where that will do it stays there. */
  present: string | null = null,
): Promise<{ wishes: readonly AddressWish[]; bound: NicBinding }> {
  const choices = wish.choices.length === 0 ? [[]] : wish.choices;
  const book = await loadPlacementBook(db, {
    accountId: server.accountId,
    networkIds: [...new Set(choices.flatMap((pair) => pair.map(({ network }) => network.id)))],
    wireIds: wish.wire === null ? [] : [wish.wire.id],
  });
  const hostId = server.host?.id ?? '';
  const presence = new Map(
    book.presence.flatMap((one) => (one.hostId === hostId ? [[one.wireId, one] as const] : [])),
  );
  const errors: FieldError[] = [];
  for (const wishes of choices) {
    const networks = wishes.flatMap(({ network }) => book.networks.find(({ id }) => id === network.id) ?? []);
    const nicWish = { networks, wire: wish.wire };
    const all = candidatesOf(nicWish);
    const staying = all.filter(({ wireId }) => wireId === present);
    for (const candidates of staying.length > 0 ? [staying, all] : [all]) {
      const verdict = pickPortGroup({
        nic: 1,
        wish: nicWish,
        candidates,
        hostId,
        presence,
        uses: countUses(nicWish, book.uses, () => ''),
      });
      if (verdict.binding !== null) return { wishes, bound: verdict.binding };
      errors.push(
        ...verdict.reasons.map(({ code, params }): FieldError => ({
          field: 'host',
          value: server.host?.name ?? null,
          code,
          of: 'hosts',
          params: { ...params },
        })),
      );
    }
  }
  throw new Problem(
    'no_host_fits',
    { count: 1 },
    {
      errors,
      objects: server.host === null ? [] : [{ kind: 'host', id: server.host.id, name: server.host.name }],
    },
  );
}
