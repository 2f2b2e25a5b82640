import type { Translate, Vlan, WirePicture } from '@wirebook/contract';
import type { DrawnWire } from '../app/wire-picture.ts';
import type { DrawnHost, PictureProblem, PictureVlan } from '../domain/wire-picture.ts';

/** Puts words to what disagrees in a wire's picture, in the reader's language. */
export function renderWirePicture(drawn: DrawnWire, t: Translate): WirePicture {
  const { path, hosts, ...rest } = drawn;
  return {
    ...rest,
    hosts: hosts.map((host) => renderHost(host, drawn.wire.name, t)),
    ...(path !== undefined && { path: path.map((one) => ({ ...one })) }),
  };
}

function renderHost(
  { facts, deviates, uplinks, problems }: DrawnHost,
  wire: string,
  t: Translate,
): WirePicture['hosts'][number] {
  const { id, name, managementIp, state, maintenance, cluster, servers } = facts;
  return {
    host: { id, name, managementIp },
    state,
    maintenance,
    cluster,
    switch: facts.switch,
    vlan: facts.vlan === null ? null : copyVlan(facts.vlan),
    deviates,
    servers,
    uplinks: [...uplinks],
    problems: problems.map((problem) => ({
      code: problem.code,
      text: tell(problem, { host: name, wire, switch: facts.switch?.name ?? '-' }, t),
    })),
  };
}

function tell(
  problem: PictureProblem,
  names: { host: string; wire: string; switch: string },
  t: Translate,
): string {
  switch (problem.code) {
    case 'host_disconnected':
      return t('wires.picture.host_disconnected', { ...names, state: problem.state });
    case 'wire_missing':
      return t('wires.picture.wire_missing', { ...names, count: problem.servers });
    case 'vlan_deviates':
      return t('wires.picture.vlan_deviates', {
        ...names,
        vlan: vlanText(problem.vlan, t),
        expected: vlanText(problem.expected, t),
      });
    case 'no_uplink':
      return t('wires.picture.no_uplink', names);
    case 'uplink_down': {
      const params = { ...names, devices: problem.devices.join(', '), count: problem.devices.length };
      return problem.left === 0
        ? t('wires.picture.uplinks_all_down', params)
        : t('wires.picture.uplink_down', params);
    }
    case 'single_uplink':
      return t('wires.picture.single_uplink', { ...names, device: problem.device });
    case 'untagged_vlan_differs':
    case 'vlan_is_untagged': {
      const { neighbour, code, ...params } = problem;
      return t(`wires.picture.${code}`, {
        ...names,
        ...params,
        neighbour: neighbour.switch,
        port: neighbour.port,
      });
    }
    default:
      return problem satisfies never;
  }
}

function vlanText(vlan: PictureVlan, t: Translate): string {
  if (vlan.kind === 'none') return t('wires.picture.untagged');
  const ranges = vlan.ranges.map(({ start, end }) => (start === end ? String(start) : `${start}-${end}`));
  return t('wires.picture.vlan', { vlan: vlan.id ?? ranges.join(',') });
}

function copyVlan({ kind, id, ranges, primaryId }: PictureVlan): Vlan {
  return { kind, id, ranges: [...ranges], primaryId };
}
