import type { Schemas } from '../../../api.ts';
import { type Lane, marksOf, type PictureHost } from './arrange-hosts.ts';
import type { PictureUplink } from './server-path.ts';

/** Everything in pixels of the drawing before it is zoomed. */
export interface Placed {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface Drawing {
  readonly networks: readonly (Placed & { readonly network: PictureNetwork | null })[];
  readonly wire: Placed;
  readonly lanes: readonly (Placed & { readonly lane: Lane })[];
  readonly width: number;
  readonly height: number;
}
export type PictureNetwork = Schemas['WirePicture']['networks'][number];

interface Columns {
  readonly network: number;
  readonly wire: number;
  readonly lane: number;
  readonly gap: number;
}
const wide: Columns = { network: 186, wire: 160, lane: 672, gap: 34 };
const narrow: Columns = { network: 144, wire: 124, lane: 560, gap: 18 };
/** Lanes take what room there is; beyond this they only get emptier. */
const WIDEST_LANE = 900;
const NARROW_BELOW = 960;

export const UPLINK_HEIGHT = 32;
export const SPARE_HEIGHT = 22;
const LINE = 20;
const MARK = 24;
const HEADING = 28;
const BETWEEN = 10;
const PADDING = 20;

/** Three columns: networks, the wire, and one lane per host or group of hosts. What stands in a card decides how high it is. */
export function placeLanes(
  networks: readonly PictureNetwork[],
  lanes: readonly Lane[],
  options: {
    readonly available: number;
    readonly pathLines: (hostId: string) => number;
    readonly missing: boolean;
  },
): Drawing {
  const columns = options.available < NARROW_BELOW ? narrow : wide;
  const laneX = columns.network + columns.wire + 2 * columns.gap;
  const laneWidth = Math.min(WIDEST_LANE, Math.max(columns.lane, options.available - laneX));
  let y = 0;
  const placedLanes = lanes.map((lane) => {
    const height = laneHeight(lane, options.pathLines);
    const placed = { key: lane.key, lane, x: laneX, y, width: laneWidth, height };
    y += height + (lane.kind === 'heading' ? 2 : BETWEEN);
    return placed;
  });
  const shownNetworks = networks.length === 0 ? [null] : networks;
  const networkHeight = PADDING + 4 * LINE;
  const placedNetworks = shownNetworks.map((network, index) => ({
    key: network?.id ?? 'none',
    network,
    x: 0,
    y: HEADING + index * (networkHeight + BETWEEN),
    width: columns.network,
    height: networkHeight,
  }));
  const networksEnd = HEADING + shownNetworks.length * (networkHeight + BETWEEN);
  const wire = {
    key: 'wire',
    x: columns.network + columns.gap,
    y: HEADING,
    width: columns.wire,
    height: PADDING + 5 * LINE + 12 + (options.missing ? MARK : 0),
  };
  return {
    networks: placedNetworks,
    wire,
    lanes: placedLanes,
    width: laneX + laneWidth,
    height: Math.max(y, networksEnd, wire.y + wire.height),
  };
}

function laneHeight(lane: Lane, pathLines: (hostId: string) => number): number {
  switch (lane.kind) {
    case 'heading':
      return HEADING;
    case 'group':
      if (lane.open) return PADDING + LINE + 4;
      return Math.max(PADDING + 3 * LINE + 8 + marksOf(lane.first).length * MARK, uplinksHeight(lane.first));
    case 'host':
      return Math.max(
        PADDING + 3 * LINE + marksOf(lane.host).length * MARK + pathLines(lane.host.host.id) * LINE,
        uplinksHeight(lane.host),
      );
    default:
      return lane satisfies never;
  }
}

function uplinksHeight({ uplinks }: PictureHost): number {
  const { rows, spare } = splitUplinks(uplinks);
  return (
    PADDING +
    Math.max(rows.length, spare.length === 0 ? 1 : 0) * UPLINK_HEIGHT +
    (spare.length === 0 ? 0 : SPARE_HEIGHT)
  );
}

/** Uplinks that the wire doesn't use are one line for all of them: no traffic of it takes them. */
export function splitUplinks(uplinks: readonly PictureUplink[]): {
  readonly rows: readonly PictureUplink[];
  readonly spare: readonly PictureUplink[];
} {
  const isSpare = ({ device, role }: PictureUplink): boolean =>
    role === 'unused' || (role === null && device === null);
  return { rows: uplinks.filter((one) => !isSpare(one)), spare: uplinks.filter(isSpare) };
}
