import type { Subnet } from './sites.ts';

export const web: Subnet = {
  portGroup: 'sh-web-prod',
  net: '10.20.10',
  prefixLength: 24,
  gateway: '10.20.10.1',
};
export const web2: Subnet = { ...web, portGroup: 'sh-web-prod-2' };
export const blue: Subnet = {
  portGroup: 'sh-web/blue',
  net: '10.20.11',
  prefixLength: 24,
  gateway: '10.20.11.1',
};
export const app: Subnet = {
  portGroup: 'sh-app-prod',
  net: '10.20.20',
  prefixLength: 24,
  gateway: '10.20.20.1',
};
export const db: Subnet = {
  portGroup: 'sh-db-prod',
  net: '10.20.30',
  prefixLength: 24,
  gateway: '10.20.30.1',
};
export const production: Subnet = {
  portGroup: 'Production',
  net: '10.20.40',
  prefixLength: 24,
  gateway: '10.20.40.1',
};
export const k8s: Subnet = { portGroup: 'sh-k8s', net: '10.20.50', prefixLength: 24, gateway: '10.20.50.1' };
export const nsx: Subnet = { portGroup: 'seg-web', net: '10.20.80', prefixLength: 24, gateway: '10.20.80.1' };
export const opaque: Subnet = {
  portGroup: 'seg-opaque',
  kind: 'opaque',
  net: '10.20.81',
  prefixLength: 24,
  gateway: '10.20.81.1',
};
export const isolated: Subnet = {
  portGroup: 'sh-pvlan-isolated',
  net: '10.20.90',
  prefixLength: 24,
  gateway: '10.20.90.1',
};
export const vmNetwork: Subnet = {
  portGroup: 'VM Network',
  kind: 'standard',
  net: '10.20.1',
  prefixLength: 24,
  gateway: '10.20.1.1',
};
export const backup: Subnet = {
  portGroup: 'Backup',
  kind: 'standard',
  net: '10.20.70',
  prefixLength: 24,
  gateway: '10.20.70.1',
};
export const dmz: Subnet = {
  portGroup: 'DMZ/Legacy',
  kind: 'standard',
  net: '172.16.30',
  prefixLength: 24,
  gateway: '172.16.30.1',
};
export const bubble: Subnet = { ...web, portGroup: 'restore-test', kind: 'standard' };
