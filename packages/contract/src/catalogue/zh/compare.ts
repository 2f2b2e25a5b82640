/** 外来清单与实际情况的出入。 */
export const compare = {
  nobody: '未命名者',
  ghost: {
    text: '清单中有它，但没有在任何地方见到，也没有登记给任何人。',
    text_more: '清单中有它，但没有在任何地方见到，也没有登记给任何人。{{name}} 占用它至 {{until}}。',
    remedy: '请从清单中删除。如果由 vCenter 之外的设备占用，请登记：wirebook import addresses FILE',
  },
  stranger: {
    text: '{{found}} 占用或显示它，而清单中没有。',
    remedy: '请补入清单，或查看原因：wirebook why {{asked}}',
  },
  mac: {
    text: '清单中的 MAC 是 {{listed}}，实际是 {{found}}。',
    remedy: '请改正清单。如果应由清单中的 MAC 占用，请查看：wirebook why {{asked}}',
  },
  name: {
    text: '清单中是 {{listed}}，实际是 {{found}}。',
    remedy: '请改正清单。如果应由清单中的机器占用，请查看：wirebook why {{asked}}',
  },
  network: {
    text: '清单中的子网是 {{listed}}，实际位于 {{found}}。',
    text_more: '清单中的子网是 {{listed}}，但该子网和其他子网都不包含这个地址。',
    remedy: '请改正清单，或调整子网的范围：wirebook network list --ip {{ip}}',
  },
  status: {
    text: '清单中标为空闲，而 {{found}} 占用或显示它。',
    remedy: '请改正清单，或在使用处释放该地址：wirebook why {{asked}}',
  },
  duplicate: {
    text: '清单第 {{other}} 行是同一地址。',
    remedy: '请删除其中一行。',
  },
  unreadable: {
    text: '{{listed}}：{{why}}',
    remedy: '请改正该单元格；清单的其余部分已经比对。',
  },
  where: {
    record: '{{name}} 占用它，自 {{since}} 起。',
    record_wire: '{{name}} 在二层网络“{{wire}}”上占用它，自 {{since}} 起。',
    held: '于 {{since}} 分配给 {{name}}；尚无网卡显示它。',
    holder: '于 {{since}} 登记给 vCenter 之外的 {{name}}。',
    seen: '{{name}} 在客户机内部显示它，自 {{since}} 起。',
    seen_wire: '{{name}} 在二层网络“{{wire}}”上显示它，自 {{since}} 起。',
    vmkernel: '宿主机 {{name}} 自用。',
  },
} as const;
