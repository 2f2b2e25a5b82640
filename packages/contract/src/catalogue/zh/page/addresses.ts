/** 所有子网中已占用的地址。 */
export const addresses = {
  about: '所有子网中已被占用的地址。',
  search: '地址、虚拟机、MAC、持有者或键',
  allSources: '所有来源',
  by: { server: '虚拟机', mac: 'MAC', ip: '地址', key: '键' },
  noneFits: '没有符合条件的已占用地址。',
  showAll: '显示所有已占用地址',
  noneYet: '还没有被占用的地址。',
  noneYetWhy: '有了包含这些地址的 IP子网后，网卡就会得到记录。',
} as const;
