import type { DataValue, MoRef, VirtualDevice } from '@wirebook/vsphere';
import { noGuestinfo } from '../../domain/guest-setup/guestinfo.ts';
import { MARKER } from '../machines.ts';
import { rebindCards } from '../network-devices.ts';
import type { ChosenPlace } from './facts.ts';

/** Where vCenter keeps a customization that the next start is to carry out. */
const PENDING_CUSTOMIZATION = 'tools.deployPkg.fileName';

/** What vCenter is asked to clone: powered off, plugged in where it is to be, and marked as ours. Pure. */
export function cloneSpecOf(options: {
  place: ChosenPlace;
  /** Of what is cloned. */
  devices: readonly VirtualDevice[];
  /** Of a linked clone: what it builds on. */
  snapshot: MoRef | null;
  operationId: string;
}): DataValue<'VirtualMachineCloneSpec'> {
  const { place, devices, snapshot, operationId } = options;
  return {
    location: {
      datastore: { type: 'Datastore', value: place.datastore },
      ...(snapshot !== null && { diskMoveType: 'createNewChildDiskBacking' }),
      pool: { type: 'ResourcePool', value: place.pool },
      host: { type: 'HostSystem', value: place.host },
      deviceChange: rebindCards(
        devices,
        place.nics.map(({ binding }) => binding),
      ),
    },
    template: false,
    config: {
      extraConfig: [
        { key: MARKER, value: operationId },
        // What the source was once told is none of the clone's business.
        ...[...noGuestinfo, { key: PENDING_CUSTOMIZATION, value: '' }].map(({ key, value }) => ({
          key,
          value,
        })),
      ],
    },
    powerOn: false,
    ...(snapshot !== null && { snapshot }),
  };
}
