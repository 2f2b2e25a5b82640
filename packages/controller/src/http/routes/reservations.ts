import {
  reservation,
  reservationInput,
  reservationList,
  reservationParams,
  reservationPatch,
  reservationQuery,
} from '@wirebook/contract';
import { z } from 'zod';
import {
  createReservation,
  deleteReservation,
  listReservations,
  showReservation,
  updateReservation,
} from '../../app/reservations.ts';
import { actorOf } from '../authentication.ts';
import { type App, refusals, type RouteParts } from '../app.ts';

const tags = ['reservations'];

export function addReservationRoutes(app: App, parts: RouteParts): void {
  const { db } = parts;
  app.get(
    '/reservations',
    {
      schema: {
        tags,
        summary: 'List what is kept back: reserved addresses and DHCP ranges',
        querystring: reservationQuery,
        response: { 200: reservationList, ...refusals },
      },
    },
    (request) => listReservations(db, request.query),
  );
  app.post(
    '/reservations',
    {
      schema: {
        tags,
        summary: 'Keep an address or a range back, or say that a DHCP server gives it out',
        body: reservationInput,
        response: { 201: reservation, ...refusals },
      },
    },
    async (request, reply) =>
      reply.status(201).send(await createReservation(db, request.body, { actor: actorOf(request) })),
  );
  app.get(
    '/reservations/:id',
    {
      schema: {
        tags,
        summary: 'Show a reservation',
        params: reservationParams,
        response: { 200: reservation, ...refusals },
      },
    },
    (request) => showReservation(db, request.params.id),
  );
  app.patch(
    '/reservations/:id',
    {
      schema: {
        tags,
        summary: 'Change a reservation',
        params: reservationParams,
        body: reservationPatch,
        response: { 200: reservation, ...refusals },
      },
    },
    (request) => updateReservation(db, request.params.id, request.body, { actor: actorOf(request) }),
  );
  app.delete(
    '/reservations/:id',
    {
      schema: {
        tags,
        summary: 'Take a reservation away',
        params: reservationParams,
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      await deleteReservation(db, request.params.id, { actor: actorOf(request) });
      return reply.status(204).send(null);
    },
  );
}
