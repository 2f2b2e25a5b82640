/** 关于导出，以及接管声明时所说的话。 */
export const exports = {
  export: {
    withoutAddress_other: '略过 {{count}} 台没有已知地址的虚拟机。',
    written: '已写出：{{path}}',
    exists: '{{path}} 已存在',
    existsRemedy: '请换一个位置，或用 --force 覆盖',
    unwritable: '无法写入 {{path}}：{{cause}}',
    newerDocument: '该文档来自比本程序更新的控制器，无法转成表格',
    noTables: '{{path}} 中没有 CSV 文件',
    unknownTable: '{{path}} 不是导出的表格之一',
    tablesTaken: '应为含有以下部分文件的目录：{{files}}',
    documentTaken: '应为 wirebook export declarations 写出的文档，或其表格所在的目录',
    notAnOrigin: 'origin 应为 declared 或 excluded，而不是“{{value}}”',
    noSuchNetwork: '{{file}} 中没有地址空间“{{space}}”的子网“{{network}}”',
  },
  declared: {
    spaces: '地址空间',
    accounts: '账号',
    wires: '二层网络',
    networks: '子网',
    reservations: '预留',
    sharedAddresses: '共用地址',
    holders: '持有者与保留占用',
    nicAddresses: '网卡的地址',
    keptConflicts: '已裁决的冲突',
    effect: '网卡记录：新增 {{settles}}，结束 {{ends}}；冲突 {{conflicts}}',
  },
} as const;
