/** 同步记录。 */
export const syncRuns = {
  phase: '正在：{{phase}}',
  read: '已完成 {{done}}',
  readOf: '{{done}} / {{total}}',
  waiting: '连接断开，正在重新连接。',
  progress: '同步进度',
  nothingChanged: '没有变化。',
  changed: {
    hosts: '宿主机：新增 {{created}}，变化 {{updated}}，缺失 {{missing}}，恢复 {{returned}}',
    virtualSwitches: '虚拟交换机：新增 {{created}}，变化 {{updated}}，缺失 {{missing}}，恢复 {{returned}}',
    wires: '二层网络：新增 {{created}}，变化 {{updated}}，缺失 {{missing}}，恢复 {{returned}}',
    servers: '虚拟机：新增 {{created}}，变化 {{updated}}，缺失 {{missing}}，恢复 {{returned}}',
    nics: '虚拟网卡：新增 {{created}}，变化 {{updated}}，缺失 {{missing}}，恢复 {{returned}}',
  },
} as const;
