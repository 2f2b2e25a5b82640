/** A network that the administrator of the demo's vCenter makes by hand, in slow motion. */
export const web = {
  /** As it was accepted. */
  proposed: 'sh-web-prod',
  name: 'sh-web',
  wire: 'sh-web-prod',
  additionalWire: 'sh-web-prod-2',
  suggestedWire: 'VM Network',
  cidr: '10.20.10.0/24',
  gateway: '10.20.10.1',
} as const;

/** Two datacenters have a port group of this name. */
export const ambiguousWire = 'Production';

export const app = 'sh-app-prod';
export const voice = 'fr-voice';
export const office = { name: 'fr-office', end: '10.30.60.22' } as const;
