import type { Option } from 'commander';
import { WrongUsage } from './failures.ts';
import { given, option, type Options } from './options.ts';
import type { Session, Shell } from './session.ts';

/** A NIC as the API takes it. */
export interface NicWish {
  network?: string;
  tag?: string;
  wire?: string;
  ip?: string;
  ip6?: string;
}

const kinds = ['network', 'tag', 'wire'] as const;

/** A NIC that was asked for, and where on the command line. */
interface Placed {
  readonly at: number;
  readonly kind: (typeof kinds)[number];
  readonly value: string;
}

/** `--network`, `--tag` and `--wire`: each value is one NIC, in the order in which they stand on the command line. */
export function nicOptions({ t }: Shell): Option[] {
  let at = 0;
  const placed = (made: Option, kind: Placed['kind']): Option =>
    made.argParser<readonly Placed[] | undefined>((value, before) => {
      at += 1;
      return [...(before ?? []), { at, kind, value }];
    });
  return [
    placed(option(t, '--network <networks...>', 'nicNetworks'), 'network'),
    placed(option(t, '--tag <tags...>', 'nicTags'), 'tag'),
    placed(option(t, '--wire <wires...>', 'nicWires'), 'wire'),
  ];
}

/** The NICs asked for, in their order. */
export function readNicWishes(session: Session, options: Options): NicWish[] {
  const values = kinds.flatMap((kind): unknown[] => {
    const value = options[kind];
    return Array.isArray(value) ? value : [];
  });
  return values
    .filter(isPlaced)
    .toSorted((a, b) => a.at - b.at)
    .map(({ kind, value }): NicWish => {
      switch (kind) {
        case 'network':
          return readNetworkWish(session, value);
        case 'tag':
          return { tag: value };
        case 'wire':
          return readWireWish(session, value);
      }
      throw new TypeError(kind);
    });
}

function isPlaced(value: unknown): value is Placed {
  return typeof value === 'object' && value !== null && 'at' in value && 'kind' in value && 'value' in value;
}

const WISH = /^([^=@]+)(?:@([^=@]+))?(?:=([^=]+))?$/s;

/** `NET`, `NET=IP`, `NET=IP,IP6`, `NET@WIRE`, `NET@WIRE=IP`. Whose name has `=` or `@` in it is named by its id. */
function readNetworkWish(session: Session, value: string): NicWish {
  const [, network, wire, addresses] = WISH.exec(value) ?? [];
  if (network === undefined) throw new WrongUsage(session.t('cli.usage.nicWish', { value }));
  return given({ network, wire, ...readAddresses(session, addresses, value) });
}

/** `WIRE`, `WIRE=IP` or `WIRE=IP,IP6`. */
function readWireWish(session: Session, value: string): NicWish {
  const [, wire, addresses] = /^([^=]+)(?:=([^=]+))?$/s.exec(value) ?? [];
  if (wire === undefined) throw new WrongUsage(session.t('cli.usage.nicWish', { value }));
  return given({ wire, ...readAddresses(session, addresses, value) });
}

/** `IP`, `IP,IP6` or `,IP6`; `whole` is what was typed. */
export function readAddresses(
  session: Session,
  addresses: string | undefined,
  whole: string,
): { ip?: string; ip6?: string } {
  const [ip = '', ip6 = '', ...more] = (addresses ?? '').split(',').map((one) => one.trim());
  if (more.length > 0 || (addresses !== undefined && ip === '' && ip6 === ''))
    throw new WrongUsage(session.t('cli.usage.nicWish', { value: whole }));
  return given({ ip: ip === '' ? undefined : ip, ip6: ip6 === '' ? undefined : ip6 });
}
