/** 句子中对象的称呼。 */
export const kinds = {
  address: '地址',
  address_space: '地址空间',
  claim: '地址占用',
  cloud_account: '云账号',
  conflict: '冲突',
  host: '宿主机',
  proposal: '建议',
  network: '子网',
  nic: '网卡',
  path: '路径',
  problem: '问题',
  reservation: '预留',
  server: '虚拟机',
  sync_run: '同步',
  virtual_switch: '虚拟交换机',
  wire: '二层网络',
} as const;
