/** 由 API 给出的处理方法做成的按钮，以及按下之后的结果。 */
export const actions = {
  done: '已完成：{{what}}',
  reading: '正在重新读取该云账号，结束后结果会显示在这里。',
  network: 'IP子网',
  range: '范围',
  wires: '二层网络',
  settles_one: '{{count}} 块虚拟网卡将得到记录。',
  settles_other: '{{count}} 块虚拟网卡将得到记录。',
  settlesNone: '没有虚拟网卡因此得到记录。',
  ends_one: '{{count}} 条记录将结束。',
  ends_other: '{{count}} 条记录将结束。',
  conflicts_one: '有 {{count}} 个地址将被双方声称。',
  conflicts_other: '有 {{count}} 个地址将被双方声称。',
  server: '虚拟机',
  mac: 'MAC',
  address: '地址',
  becomes: '结果',
  change: { settled: '得到记录', ended: '记录结束' },
  andMore_one: '还有 {{count}} 条',
  andMore_other: '还有 {{count}} 条',
  excludes:
    '无论谁在那里使用该子网的地址，这个二层网络都不再属于该子网，也不再被建议。vCenter 中没有任何变化。若要撤销：在该子网页面的二层网络列表中选择“重新允许”。',
} as const;
