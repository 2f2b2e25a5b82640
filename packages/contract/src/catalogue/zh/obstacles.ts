/** 是什么使一个地址不能分配，以及如何处理。 */
export const obstacles = {
  used: { text: '{{ip}} 自 {{since}} 起属于 {{object}}。', remedy: '查看其占用情况：wirebook why {{ip}}' },
  held: {
    text: '{{ip}} 自 {{since}} 起为 {{object}} 保留占用。',
    text_unnamed: '{{ip}} 自 {{since}} 起被占用。',
    remedy: '如不再需要：wirebook network release {{networkQuoted}} {{ip}}',
  },
  reserved: {
    text: '{{ip}} 已预留（{{start}} 至 {{end}}）：{{object}}。',
    text_unnamed: '{{ip}} 已预留（{{start}} 至 {{end}}）。',
    remedy: '取消预留：wirebook reservation remove {{id}}',
  },
  dhcp: {
    text: '{{ip}} 位于由 DHCP 服务器分配的范围（{{start}} 至 {{end}}）：{{object}}。',
    text_unnamed: '{{ip}} 位于由 DHCP 服务器分配的范围（{{start}} 至 {{end}}）。',
    remedy: '请选择该范围之外的地址，或修改该范围：wirebook reservation list --ip {{ip}}',
  },
  gateway: { text: '{{ip}} 是子网“{{object}}”的网关。', remedy: '请选择其他地址。' },
  network_address: { text: '{{ip}} 是“{{object}}”的网络地址。', remedy: '请选择其他地址。' },
  broadcast: { text: '{{ip}} 是“{{object}}”的广播地址。', remedy: '请选择其他地址。' },
  dns: {
    text: '{{ip}} 是子网“{{object}}”的 DNS 服务器。',
    remedy:
      '请选择其他地址，或登记其持有者：wirebook network claim {{networkQuoted}} KEY --ip {{ip}} --name NAME',
  },
  vmkernel: { text: '{{ip}} 是宿主机 {{object}} 的 VMkernel 地址。', remedy: '请选择其他地址。' },
  guest_gateway: {
    text: '{{object}} 以 {{ip}} 为默认网关。',
    remedy: '请选择其他地址；如果该虚拟机配置有误，请在其中改正后同步。',
  },
  guest_dns: {
    text: '{{object}} 以 {{ip}} 为 DNS 服务器。',
    remedy: '请选择其他地址；如果该虚拟机配置有误，请在其中改正后同步。',
  },
  resting: {
    text: '{{ip}} 于 {{since}} 释放，静置到 {{until}}。',
    remedy: '请等到那时，或缩短静置时间：wirebook network update {{networkQuoted}} --resting 0s',
  },
  seen: {
    text: '{{object}} 报告了 {{ip}}（{{interface}}），但没有对应的记录。',
    remedy: '查明原因：wirebook why {{ip}}',
  },
  shared: { text: '{{ip}} 已声明为由多块网卡共同使用的地址。', remedy: '请选择其他地址。' },
  not_given: {
    text: '{{ip}} 空闲，但“{{object}}”不从其范围的这一部分分配地址。',
    remedy: '允许分配：wirebook network update {{networkQuoted}} --give all',
  },
  no_network: {
    text: '地址空间“{{object}}”中没有子网包含 {{ip}}。',
    remedy: '请创建它所属的子网：wirebook network create NAME --wire WIRE --cidr {{cidr}}',
  },
} as const;
