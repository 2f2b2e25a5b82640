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
} as const;
