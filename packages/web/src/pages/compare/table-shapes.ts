/** What a table may say of each row, as the page calls its columns. */
export type Field =
  | 'ip'
  | 'mac'
  | 'name'
  | 'dnsName'
  | 'network'
  | 'vrf'
  | 'status'
  | 'owner'
  | 'note'
  | 'start'
  | 'end'
  | 'prefix'
  | 'gateway'
  | 'dns'
  | 'vlan'
  | 'switch';

export interface TableShape {
  /** Which fields there are, and what tables call them, in lower case. */
  readonly titles: Partial<Record<Field, readonly string[]>>;
  /** Those without which a row says nothing. */
  readonly needed: readonly Field[];
}

const ip = [
  'ip',
  'ip address',
  'ip_address',
  'ip-address',
  'ipaddress',
  'ip addr',
  'ips',
  'address',
  'ipv4',
  'ipv4 address',
  'ipv6',
  'ipv6 address',
  'ip地址',
  'ip 地址',
  '地址',
  'ipv4地址',
  'ipv6地址',
];
const mac = [
  'mac',
  'mac address',
  'mac_address',
  'mac-address',
  'macaddress',
  'assigned_object.mac_address',
  'mac地址',
  'mac 地址',
  '物理地址',
];
const note = ['note', 'notes', 'comment', 'comments', 'description', 'remark', '备注', '说明', '描述'];
const name = ['name', '名称', '设备', '设备名', '设备名称'];

/** A list of addresses: tables of administrators, and what NetBox exports of IP addresses, as CSV or from its API. */
export const addressList: TableShape = {
  needed: ['ip'],
  titles: {
    ip,
    mac,
    name: [
      ...name,
      'server',
      'vm',
      'vm name',
      'vm_name',
      'virtual machine',
      'virtual_machine',
      'device',
      'device/vm',
      'parent',
      'assigned_object.virtual_machine',
      'assigned_object.device',
      '虚拟机',
      '虚拟机名',
      '虚拟机名称',
      '服务器',
    ],
    dnsName: [
      'dnsname',
      'hostname',
      'host name',
      'host_name',
      'host',
      'fqdn',
      'dns',
      'dns name',
      'dns_name',
      '主机',
      '主机名',
      '主机名称',
      '域名',
    ],
    network: ['network', 'subnet', 'prefix', 'cidr', '网络', '子网', 'ip子网', '网段', '所属网段'],
    vrf: ['vrf', 'vrf.name', 'space', 'address space', '地址空间'],
    status: ['status', 'state', '状态', '使用状态'],
  },
};

/** Addresses of devices outside vCenter. */
export const holderList: TableShape = {
  needed: ['ip'],
  titles: {
    ip,
    name: [...name, 'device', 'host', 'hostname', '主机名'],
    owner: ['owner', 'contact', 'department', '所有者', '负责人', '部门'],
    mac,
    note,
  },
};

/** Subnets of an older book, tied to port groups by VLAN id. */
export const subnetList: TableShape = {
  needed: ['name', 'start', 'end', 'prefix', 'vlan'],
  titles: {
    name: ['name', '名称', '子网', 'ip子网'],
    start: ['start', 'guest_ip_start', 'first', 'from', '起始', '起始地址', '起始ip'],
    end: ['end', 'guest_ip_end', 'last', 'to', '结束', '结束地址', '终止地址', '结束ip'],
    prefix: ['prefix', 'guest_ip_mask', 'prefix length', 'mask', 'netmask', '掩码', '子网掩码', '前缀长度'],
    gateway: ['gateway', 'guest_gateway', '网关'],
    dns: ['dns', 'guest_dns'],
    vlan: ['vlan', 'vlan_id', 'vlan id', 'vlanid'],
    switch: ['switch', 'wire', 'virtual switch', '交换机', '虚拟交换机'],
  },
};
