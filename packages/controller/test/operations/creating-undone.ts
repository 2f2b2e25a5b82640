import type { Address, List, Operation, Server } from '@wirebook/contract';
import { expect } from 'vitest';
import { type CreatingLab, expectEnd } from './creating-lab.ts';

/** The operation has to fail at this step for this reason, and to leave nothing. */
export async function expectUndone(
  lab: CreatingLab,
  operation: Operation,
  step: string,
  code: string,
): Promise<void> {
  expectEnd(operation, 'undone');
  expect(operation.error?.code, JSON.stringify(operation)).toBe(code);
  expect(operation.left).toEqual([]);
  const position = operation.steps.findIndex(({ name }) => name === step);
  expect(operation.steps.map(({ state }) => state)).toEqual(
    operation.steps.map((_, index) => (index <= position ? 'undone' : 'pending')),
  );
  expect(await lab.made(operation.id)).toEqual([]);
  const { call } = lab.controller;
  for (const ip of ipsOf(operation)) {
    const { body } = await call<Address>('GET', `/api/v1/addresses/${ip}`);
    // Given back, and kept from others for a while, as any address is.
    expect(body.state, ip).toBe('resting');
    expect(body.history[0]).toMatchObject({ to: expect.any(String), ended: expect.any(String) });
  }
  const name = operation.server?.name ?? '';
  const shown = await call<List<Server>>(
    'GET',
    `/api/v1/servers?missing=false&name=${encodeURIComponent(name)}`,
  );
  expect(shown.body.items.filter((server) => server.name === name)).toEqual([]);
}

/** The addresses that an operation was given. */
export const ipsOf = (operation: Operation): string[] =>
  operation.result?.servers.flatMap(({ addresses }) => addresses.map(({ ip }) => ip)) ?? [];
