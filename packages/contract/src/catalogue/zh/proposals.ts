export const proposals = {
  objection: {
    apart: '该网段在别处也被使用，因此放入单独的地址空间。{{contradiction}}',
    one_server: '只有 {{server}} 这样报告。',
    wrong_mask: '{{server}}（{{ip}}）认为所在网络是 {{said}}；这样的虚拟机共 {{count}} 台。',
    no_mask: '没有虚拟机报告前缀长度，暂按 {{prefix}}。',
    narrowed: '{{server}} 认为所在网络是 {{said}}，会覆盖其他网络，暂按 {{prefix}}。',
    other_gateway:
      '{{server}} 的默认网关是 {{gateway}}，多数虚拟机是 {{expected}}；这样的虚拟机共 {{count}} 台。',
    no_gateway: '没有虚拟机的默认网关在该网段内。',
    cut: '只是 {{prefix}} 的一部分，其余属于其他 IP 子网。',
    twice: '{{server}} 与 {{other}} 都报告 {{ip}}；这样的地址共 {{count}} 个。',
    trunk: '“{{wire}}”是 trunk，承载多个 VLAN。',
    no_uplink: '“{{wire}}”没有上行链路。',
  },
  remaining: {
    taken_other: '{{count}} 块网卡：地址已被占用。',
    other_wire_other: '{{count}} 块网卡在“{{wire}}”上，该二层网络只是建议。',
  },
} as const;
