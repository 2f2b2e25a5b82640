export const wires = {
  contradiction: {
    same_address: '这里的 {{server}} 与“{{otherWire}}”上的 {{other}} 同时报告 {{ip}}。',
    other_gateway:
      '这里的虚拟机经 {{gateway}} 离开该网段（{{server}} 等共 {{count}} 台），而不是经 {{expected}}。',
    trunk: '“{{wire}}”是 trunk：承载多个 VLAN，看不出属于哪一个。',
    no_uplink: '“{{wire}}”没有上行链路：上面的虚拟机到不了其他二层网络。',
    other_account:
      '它属于云账号“{{account}}”，主二层网络属于“{{primary}}”；该网段是私有地址，各站点可能各自使用。',
    other_datacenter:
      '它位于数据中心“{{datacenter}}”，VLAN 与位于“{{primary}}”的主二层网络不同；该网段是私有地址，各站点可能各自使用。',
  },
  note: {
    other_vlan: '这里是 VLAN {{vlan}}，主二层网络是 VLAN {{primaryVlan}}。',
  },
  picture: {
    vlan: ' VLAN {{vlan}}',
    untagged: '无 VLAN',
    host_disconnected:
      '{{host}} 未响应 vCenter（{{state}}）：显示的是它此前报告的内容，链路当前是否正常无从得知。',
    wire_missing_other: '{{host}} 上没有端口组“{{wire}}”，但其中有 {{count}} 台虚拟机在使用它。',
    vlan_deviates: '“{{wire}}”在 {{host}} 上为{{vlan}}，在大多数宿主机上为{{expected}}。',
    no_uplink: '“{{wire}}”在 {{host}} 上没有通往外部的物理网卡（{{switch}}）。',
    uplink_down_other: '{{devices}} 的链路已断开。',
    uplinks_all_down_other: '{{devices}} 的链路已断开：{{host}} 上“{{wire}}”的流量无法出去。',
    single_uplink: '{{device}} 是 {{host}} 上“{{wire}}”唯一的物理网卡：其链路一旦中断，流量就无法出去。',
    untagged_vlan_differs:
      '{{device}} 连接 {{neighbour}} 的端口 {{port}}，该端口的未标记流量属于 VLAN {{vlan}}，而大多数宿主机的属于 VLAN {{expected}}。“{{wire}}”发送的正是未标记流量。',
    vlan_is_untagged:
      '{{device}} 连接 {{neighbour}} 的端口 {{port}}，该端口以未标记方式发送 VLAN {{vlan}}，而“{{wire}}”要求它带标记。',
  },
} as const;
