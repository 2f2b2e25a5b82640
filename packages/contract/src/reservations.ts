import { z } from 'zod';
import { ip, ipInput, listOf, listQuery, nameOrId, ref, stamps, time, words } from './common.ts';

const kind = z.enum(['reserved', 'dhcp']).meta({
  description: '`reserved`: kept back by a person. `dhcp`: a DHCP server gives these out.',
});
export const reservation = z
  .object({
    ...stamps,
    network: ref,
    kind,
    start: ip,
    end: ip,
    count: z.number().meta({ description: 'Addresses of the range. Beyond 2^53 rounded.' }),
    note: z.string(),
    expiresAt: time.nullable(),
  })
  .meta({ id: 'Reservation' });
export type Reservation = z.infer<typeof reservation>;
export const reservationList = listOf(reservation);
export const reservationParams = z.object({ id: z.uuid() });
export const reservationQuery = listQuery({
  network: nameOrId.optional(),
  kind: kind.optional(),
  ip: ipInput.optional().meta({ description: 'Reservations that hold the address.' }),
});
const expiresAt = z.iso.datetime({ offset: true }).nullish();
export const reservationInput = z
  .strictObject({
    network: nameOrId,
    kind: kind.optional(),
    start: ipInput,
    end: ipInput.optional().meta({ description: 'Without it: the one address.' }),
    note: words(4096).optional(),
    expiresAt,
  })
  .meta({ id: 'NewReservation' });
export type ReservationInput = z.infer<typeof reservationInput>;
export const reservationPatch = z
  .strictObject({
    kind: kind.optional(),
    start: ipInput.optional(),
    end: ipInput.optional(),
    note: words(4096).optional(),
    expiresAt,
  })
  .meta({ id: 'ReservationChange' });
export type ReservationPatch = z.infer<typeof reservationPatch>;
