import {
  BaseEdge,
  type Edge,
  type EdgeProps,
  type EdgeTypes,
  type Node,
  type NodeTypes,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { Button } from 'antd';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../../api.ts';
import { useFilters } from '../../../ui/filters.ts';
import type { Lane } from './arrange-hosts.ts';
import { GroupLane } from './group-lane.tsx';
import { HostLane } from './host-lane.tsx';
import { HeadingLane, NetworkCard, WireCard } from './picture-cards.tsx';
import { type Drawing, placeLanes } from './place-lanes.ts';
import type { LitPath } from './server-path.ts';

const nodeTypes: NodeTypes = {
  network: NetworkCard,
  wire: WireCard,
  heading: HeadingLane,
  host: HostLane,
  group: GroupLane,
};
const edgeTypes: EdgeTypes = { bus: BusEdge };
const LEAST_ZOOM = 0.25;
const FIRST_LEAST_ZOOM = 0.7;
const MOST_ZOOM = 2;
const STEP = 60;
const BESIDE = 8;

interface CanvasProps {
  readonly wire: Schemas['Wire'];
  readonly picture: Schemas['WirePicture'];
  readonly lanes: readonly Lane[];
  readonly lit: LitPath | null;
  readonly server: string;
}

/** The drawing. It is as high as its content, so that the page scrolls through it as through any other; within, one drags and zooms. */
export function PictureCanvas(props: CanvasProps): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const [available, setAvailable] = useState<number | null>(null);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const watcher = new ResizeObserver(() => setAvailable(element.clientWidth));
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);
  return (
    <div ref={frame} className="wb-picture-frame">
      {available !== null && available > 0 && (
        <ReactFlowProvider>
          <Canvas {...props} available={available} />
        </ReactFlowProvider>
      )}
    </div>
  );
}

function Canvas(props: CanvasProps & { available: number }): ReactNode {
  const { t } = useTranslation();
  const { picture, lanes, lit, available, wire, server } = props;
  const [, setFilters] = useFilters();
  const open = useOpenGroups();
  const drawing = useMemo(
    () =>
      placeLanes(picture.networks, lanes, {
        available: available - 2 * BESIDE,
        missing: picture.wire.missingSince !== null,
        pathLines: (hostId) => 3 * (lit?.nics.filter(({ host }) => host?.id === hostId).length ?? 0),
      }),
    [picture.networks, picture.wire.missingSince, lanes, lit, available],
  );
  const nodes = useMemo(
    () => nodesOf(drawing, { picture, wire, lit, server, toggle: open }),
    [drawing, picture, wire, lit, server, open],
  );
  const edges = useMemo(() => edgesOf(drawing, lit, t('wires.picture.line')), [drawing, lit, t]);
  const flow = useReactFlow();
  const zoom = Math.min(1, Math.max(FIRST_LEAST_ZOOM, (available - 2 * BESIDE) / drawing.width));
  const reset = useCallback(() => void flow.setViewport({ x: BESIDE, y: BESIDE, zoom }), [flow, zoom]);
  useEffect(reset, [reset]);
  const height = Math.ceil(drawing.height * zoom) + 2 * BESIDE;
  return (
    <>
      <div className="wb-picture-zoom">
        <span className="wb-quiet">{t('wires.picture.keyHelp')}</span>
        <span className="wb-grow" />
        {server !== '' && (
          <Button size="small" onClick={() => setFilters({ server: undefined })}>
            {t('wires.picture.clearServer')}
          </Button>
        )}
        <Button size="small" onClick={() => void flow.zoomOut()}>
          {t('wires.picture.zoomOut')}
        </Button>
        <Button size="small" onClick={() => void flow.zoomIn()}>
          {t('wires.picture.zoomIn')}
        </Button>
        <Button size="small" onClick={reset}>
          {t('wires.picture.fit')}
        </Button>
      </div>
      <div style={{ height }}>
        <ReactFlow
          ref={nameGroup}
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          defaultViewport={{ x: BESIDE, y: BESIDE, zoom }}
          minZoom={LEAST_ZOOM}
          maxZoom={MOST_ZOOM}
          translateExtent={[
            [-drawing.width / 2, -200],
            [drawing.width * 1.5, drawing.height + 200],
          ]}
          className={lit === null ? 'wb-flow' : 'wb-flow wb-flow-lit'}
          tabIndex={0}
          aria-label={t('wires.picture.label')}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          selectionKeyCode={null}
          multiSelectionKeyCode={null}
          zoomOnScroll={false}
          zoomOnDoubleClick={false}
          preventScrolling={false}
          // Its licence (MIT) asks for no sign in the drawing.
          proOptions={{ hideAttribution: true }}
          ariaLabelConfig={{
            'node.a11yDescription.default': t('wires.picture.keyHelp'),
            'edge.a11yDescription.default': t('wires.picture.keyHelp'),
          }}
          onKeyDown={(event) => {
            const moves: Record<string, readonly [number, number]> = {
              ArrowLeft: [STEP, 0],
              ArrowRight: [-STEP, 0],
              ArrowUp: [0, STEP],
              ArrowDown: [0, -STEP],
            };
            const move = moves[event.key];
            if (event.target !== event.currentTarget || move === undefined) return;
            event.preventDefault();
            const { x, y, zoom: now } = flow.getViewport();
            void flow.setViewport({ x: x + move[0], y: y + move[1], zoom: now });
          }}
        />
      </div>
    </>
  );
}

/** The library calls its drawing an application, in which screen readers leave all keys to it; this one is a group of links and buttons. */
function nameGroup(element: HTMLDivElement | null): void {
  element?.setAttribute('role', 'group');
}

/** Straight out, along the gap that all share, and straight in: many of them look like one trunk with branches. */
function BusEdge({ id, sourceX, sourceY, targetX, targetY }: EdgeProps): ReactNode {
  const trunk = (sourceX + targetX) / 2;
  return <BaseEdge id={id} path={`M ${sourceX} ${sourceY} H ${trunk} V ${targetY} H ${targetX}`} />;
}

/** Opens or closes a group of hosts; which are open stands in the address. */
function useOpenGroups(): (key: string) => void {
  const [filters, setFilters] = useFilters();
  const text = filters['open'] ?? '';
  return useCallback(
    (key) => {
      const keys = new Set(text.split(',').filter((one) => one !== '' && one !== 'all'));
      if (!keys.delete(key)) keys.add(key);
      setFilters({ open: [...keys].join(',') });
    },
    [text, setFilters],
  );
}

function nodesOf(
  drawing: Drawing,
  of: {
    picture: Schemas['WirePicture'];
    wire: Schemas['Wire'];
    lit: LitPath | null;
    server: string;
    toggle: (key: string) => void;
  },
): Node[] {
  const { picture, wire, lit, server, toggle } = of;
  const base = (placed: { key: string; x: number; y: number; width: number; height: number }) => ({
    id: placed.key,
    position: { x: placed.x, y: placed.y },
    width: placed.width,
    height: placed.height,
    draggable: false,
    // The library lets nothing in a node be clicked that can be neither dragged nor selected.
    style: { pointerEvents: 'all' as const },
  });
  return [
    ...drawing.networks.map((placed): Node => ({
      ...base(placed),
      type: 'network',
      data: {
        network: placed.network,
        space: wire.space.id,
        wireId: wire.id,
        lit: lit === null ? null : placed.network !== null && lit.networks.has(placed.network.id),
      },
    })),
    { ...base(drawing.wire), type: 'wire', data: { picture, lit: lit === null ? null : true } },
    ...drawing.lanes.map(({ lane, ...placed }): Node => {
      switch (lane.kind) {
        case 'heading':
          return { ...base(placed), type: 'heading', data: { lane, server } };
        case 'group':
          return {
            ...base(placed),
            type: 'group',
            data: { lane, toggle, wireVlan: picture.wire.vlan, lit: lit === null ? null : false },
          };
        case 'host':
          return {
            ...base(placed),
            type: 'host',
            data: {
              host: lane.host,
              wire: picture.wire,
              space: wire.space.id,
              server,
              path: lit?.nics.filter(({ host }) => host?.id === lane.host.host.id) ?? [],
              lit: lit === null ? null : (lit.hosts.get(lane.host.host.id) ?? false),
            },
          };
        default:
          return lane satisfies never;
      }
    }),
  ];
}

function edgesOf(drawing: Drawing, lit: LitPath | null, label: string): Edge[] {
  const edge = (source: string, target: string, on: boolean): Edge => ({
    id: `${source} ${target}`,
    source,
    target,
    type: 'bus',
    // Lines are for the eye; what they say stands in the table and in the words of a path.
    ariaLabel: label,
    domAttributes: { 'aria-hidden': true },
    focusable: false,
    className: on ? 'wb-edge-lit' : 'wb-edge',
    zIndex: on ? 1 : 0,
  });
  return [
    ...drawing.networks.flatMap(({ key, network }) =>
      network === null ? [] : [edge(key, 'wire', lit?.networks.has(network.id) === true)],
    ),
    ...drawing.lanes.flatMap(({ key, lane }) =>
      lane.kind === 'heading' || (lane.kind === 'group' && lane.open)
        ? []
        : lane.kind === 'host' && lane.host.vlan === null
          ? []
          : [edge('wire', key, lane.kind === 'host' && lit?.hosts.has(lane.host.host.id) === true)],
    ),
  ];
}
