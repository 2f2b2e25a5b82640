/** 对象的状态与种类，用于标签和单元格。 */
export const states = {
  /** 子网中的地址。 */
  address: {
    used: '已使用',
    held: '保留占用',
    reserved: '预留',
    dhcp: 'DHCP 范围',
    gateway: '网关',
    resting: '静置',
    seen: '曾见',
    conflict: '冲突',
    free: '空闲',
    not_given: '不分配',
    outside: '不在任何子网',
  },
  /** 占用的来源。 */
  source: { tools: 'Tools 报告', manual: '人工', allocated: '分配' },
  /** 网卡为何没有记录。 */
  reason: {
    powered_off: '已关机',
    template: '模板',
    tools_not_installed: '未安装 Tools',
    tools_not_running: 'Tools 未运行',
    tools_no_address: 'Tools 未报告地址',
    no_network: '没有子网包含它',
    other_wire: '子网在另一二层网络',
    outside_range: '在范围之外',
    taken: '地址已被占用',
    disconnected: '未连接',
    no_wire: '端口组已消失或不可见',
    vm_unreadable: '配置不可读',
  },
  power: { poweredOn: '运行中', poweredOff: '已关机', suspended: '已挂起', unknown: '未知' },
  tools: {
    running: 'Tools 运行中',
    not_running: 'Tools 未运行',
    not_installed: '未安装 Tools',
    unknown: 'Tools 状态未知',
  },
  /** vCenter 与宿主机的连接。 */
  host: { connected: '已连接', disconnected: '已断开', notResponding: '无响应' },
} as const;
