import {
  type EstateController,
  startEstateController,
} from '../../../packages/controller/test/support/estate-controller.ts';
import { labEstate, machine } from '../../../packages/controller/test/support/lab-estate.ts';

/** Networks of every kind that the pages of networks must show: with a conflict, a /16, a /64, a /31, one with a long name. */
export async function startNetworkEstate(): Promise<EstateController> {
  const book = await startEstateController(
    labEstate([
      machine('web-1', [['web', '10.1.0.11/24']]),
      machine('web-2', [['web', '10.1.0.12/24']]),
      machine('twin-1', [['web', '10.1.0.12/24']]),
      machine('stray', [['db', '10.1.0.30/24']]),
      machine('mute', [['web']]),
      machine('later', [['spare', '10.5.0.7/24']]),
    ]),
  );
  await book.createNetwork({ name: 'web-net', wire: 'web', cidr: '10.1.0.0/24', gateway: '10.1.0.1' });
  await book.createNetwork({ name: 'big', wire: 'spare', cidr: '10.9.0.0/16' });
  await book.createNetwork({ name: 'six', wire: 'spare', cidr: '2001:db8:1::/64' });
  await book.createNetwork({ name: 'link', wire: 'spare', cidr: '10.8.0.0/31' });
  await book.createNetwork({ name: 'halves', wire: 'spare', cidr: '10.7.0.0/24' });
  await book.createNetwork({ name: 'x'.repeat(120), wire: 'spare', cidr: '10.6.0.0/24' });
  return book;
}
