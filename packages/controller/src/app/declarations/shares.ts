import { addressKey } from '../../domain/matching.ts';
import { decideConflict, shareAddress } from '../../store/conflicts.ts';
import { findClaimsSeen, findLastingConflicts, findSharedSeen } from '../../store/declarations/claims.ts';
import { type AuditLine, recordEvents } from '../../store/events.ts';
import { findReporters } from '../../store/fixes.ts';
import { readDeclaredAddress } from './input.ts';
import { findDeclaredNics } from './nics.ts';
import { type DeclarationImport, lackSpace, type Places } from './work.ts';

interface AddressAsked {
  readonly place: string;
  readonly spaceId: string;
  readonly ip: string;
}

function readAddressIn(
  work: DeclarationImport,
  places: Places,
  row: { place: string; space: string; ip: string },
): AddressAsked | null {
  const space = places.space(row.space);
  if (space === undefined) lackSpace(work.report, `${row.place}.space`, row.space);
  const read = readDeclaredAddress(work.report, `${row.place}.ip`, row.ip);
  return space === undefined || read === null ? null : { place: row.place, spaceId: space.id, ip: read.text };
}

/** Declares addresses that several have on purpose; answers all of these spaces, as `addressKey`. */
export async function settleSharedAddresses(
  work: DeclarationImport,
  places: Places,
): Promise<ReadonlySet<string>> {
  const { tx, report, document, actor, now } = work;
  const shared = await findSharedSeen(tx, places.spaceIds);
  const fresh: AddressAsked[] = [];
  for (const [index, { space, ip }] of (document.sharedAddresses ?? []).entries()) {
    const asked = readAddressIn(work, places, { place: `sharedAddresses[${index}]`, space, ip });
    if (asked === null) report.tell('sharedAddresses', 'skipped');
    else if (shared.has(addressKey(asked.spaceId, asked.ip))) report.tell('sharedAddresses', 'unchanged');
    else {
      fresh.push(asked);
      shared.add(addressKey(asked.spaceId, asked.ip));
    }
  }
  const live = Map.groupBy(await findClaimsSeen(tx, fresh), (one) => addressKey(one.spaceId, one.ip));
  const events: AuditLine[] = [];
  for (const { place, spaceId, ip } of fresh) {
    const held = live.get(addressKey(spaceId, ip))?.find((claim) => claim.nicId === null);
    if (held !== undefined) {
      const params = { ip, holder: held.who };
      report.complain({ field: `${place}.ip`, value: ip, code: 'not_shareable', of: 'problems', params });
      continue;
    }
    await shareAddress(tx, { spaceId, ip }, { resolution: 'share', by: actor.name, now });
    report.tell('sharedAddresses', 'created', { field: place, name: ip });
    events.push({ actor: actor.name, action: 'share', kind: 'address', id: null, name: ip });
  }
  for (const id of await findReporters(tx, fresh)) work.serverIds.add(id);
  await recordEvents(tx, events);
  return shared;
}

/** Decides for the holder where the claimant was refused elsewhere. Where nobody claims any more there is nothing to decide. */
export async function settleKeptConflicts(work: DeclarationImport, places: Places): Promise<void> {
  const { tx, report, actor, now } = work;
  const declared = work.document.keptConflicts ?? [];
  const nics = await findDeclaredNics(
    work,
    places,
    declared.map(({ nic }, index) => ({ nic, field: `keptConflicts[${index}].nic` })),
  );
  const asked = declared.flatMap(({ space, ip }, index) => {
    const nic = nics[index] ?? null;
    const read = readAddressIn(work, places, { place: `keptConflicts[${index}]`, space, ip });
    if (nic !== null && read !== null) return [{ ...read, nic, nicId: nic.nicId }];
    report.tell('keptConflicts', 'skipped');
    return [];
  });
  if (report.refused) return;
  const lasting = new Map(
    (await findLastingConflicts(tx, asked)).map((one) => [
      `${addressKey(one.spaceId, one.ip)} ${one.nicId}`,
      one,
    ]),
  );
  const events: AuditLine[] = [];
  for (const { place, spaceId, ip, nic } of asked) {
    const conflict = lasting.get(`${addressKey(spaceId, ip)} ${nic.nicId}`);
    if (conflict === undefined) {
      report.tell('keptConflicts', 'skipped');
      const params = { server: nic.serverName, ip };
      report.note({ field: place, value: ip, code: 'declared_no_conflict', params });
      continue;
    }
    report.tell('keptConflicts', conflict.kept ? 'unchanged' : 'updated', { field: place, name: ip });
    if (conflict.kept) continue;
    await decideConflict(tx, conflict.id, { resolution: 'keep', by: actor.name, now });
    events.push({
      actor: actor.name,
      action: 'resolve',
      kind: 'conflict',
      id: conflict.id,
      name: ip,
      after: { resolution: 'keep' },
    });
  }
  await recordEvents(tx, events);
}
