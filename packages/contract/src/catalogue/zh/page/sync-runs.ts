/** 同步记录。 */
export const syncRuns = {
  phase: '正在：{{phase}}',
  read: '已完成 {{done}}',
  readOf: '{{done}} / {{total}}',
  waiting: '连接断开，正在重新连接。',
  progress: '同步进度',
  nothingChanged: '没有变化。',
  kind: {
    hosts: '宿主机：',
    virtualSwitches: '虚拟交换机：',
    wires: '二层网络：',
    servers: '虚拟机：',
    nics: '虚拟网卡：',
  },
  change: {
    created: '新增 {{count}}',
    updated: '变化 {{count}}',
    missing: '缺失 {{count}}',
    returned: '恢复 {{count}}',
  },
} as const;
