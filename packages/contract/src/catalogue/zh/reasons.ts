/** 虚拟网卡或其某个地址为何没有记录，以及如何处理。 */
export const reasons = {
  powered_off: {
    text: '{{server}} 已关机。',
    remedy:
      '请在 vCenter 中开机，下次同步会读取其地址：wirebook account sync {{accountQuoted}} （如果已知其地址，也可以：wirebook server fix {{serverQuoted}} {{assignment}} ）',
  },
  template: { text: '{{server}} 是模板。', remedy: '无需处理：模板没有自己的地址。' },
  tools_not_installed: {
    text: '{{server}} 没有安装 VMware Tools。',
    remedy:
      '请在虚拟机内安装 open-vm-tools，然后：wirebook account sync {{accountQuoted}} （如果已知其地址，也可以：wirebook server fix {{serverQuoted}} {{assignment}} ）',
  },
  tools_not_running: {
    text: '{{server}} 的 VMware Tools 没有运行。',
    remedy:
      '请在虚拟机内启动它（systemctl start vmtoolsd，或 VMware Tools 服务），然后：wirebook account sync {{accountQuoted}} （如果已知其地址，也可以：wirebook server fix {{serverQuoted}} {{assignment}} ）',
  },
  tools_no_address: {
    text: '{{server}} 的 VMware Tools 没有报告这块网卡的地址。',
    remedy:
      '请在虚拟机内配置地址，然后：wirebook account sync {{accountQuoted}} （如果已知其地址，也可以：wirebook server fix {{serverQuoted}} {{assignment}} ）',
  },
  no_network: {
    text: '没有子网包含 {{ip}}。',
    remedy:
      '查看为它建议的子网（含网关）并接受：wirebook proposal list --ip {{ip}} （或手工创建：wirebook network create {{cidr}} --wire {{wireQuoted}} --cidr {{cidr}} ）',
  },
  no_network_beside: {
    text: '没有子网包含 {{ip}}；{{cidr}} 中的 {{start}} 至 {{end}} 属于“{{network}}”。',
    remedy: '如果该地址属于那个子网，请扩大其范围：wirebook network update {{networkQuoted}} {{widen}}',
  },
  no_network_trunk: {
    text: '没有子网包含 {{ip}}；“{{ownWire}}”承载多个 VLAN，看不出该地址属于哪一个。',
    remedy: '查看是否有包含它的建议子网：wirebook proposal list --ip {{ip}}',
  },
  no_network_overlap: {
    text: '没有子网包含 {{ip}}；虚拟机称其位于 {{cidr}}，而其中的 {{start}} 至 {{end}} 属于“{{network}}”。',
    remedy: '请检查虚拟机内的前缀长度，或在旁边另建子网：wirebook proposal list --ip {{ip}}',
  },
  other_wire: {
    text: '子网“{{network}}”包含 {{ip}}，但它位于二层网络“{{wire}}”，而不是“{{ownWire}}”。',
    remedy:
      '如果这里的虚拟机也使用该子网，请把本二层网络加入该子网：wirebook network wires {{networkQuoted}} --add {{ownWireQuoted}}',
  },
  other_wire_suggested: {
    text: '子网“{{network}}”包含 {{ip}}，但它位于二层网络“{{wire}}”。“{{ownWire}}”可能也是它的二层网络，但：{{contradiction}}',
    remedy:
      '请决定：加入本二层网络用 wirebook network wires {{networkQuoted}} --add {{ownWireQuoted}} ；永久排除用 wirebook network wires {{networkQuoted}} --exclude {{ownWireQuoted}} ；如果是另一站点使用了同样的地址段，请用 wirebook proposal list 查看是否为它提议了单独的地址空间，并接受该提议',
  },
  other_wire_excluded: {
    text: '子网“{{network}}”包含 {{ip}}，但它位于二层网络“{{wire}}”；“{{ownWire}}”已由人工从该子网中排除。',
    remedy:
      '请给虚拟机换用其他子网的地址；如果这里的虚拟机确实使用该子网，请加入本二层网络：wirebook network wires {{networkQuoted}} --add {{ownWireQuoted}}',
  },
  outside_range: {
    text: '{{ip}} 在“{{network}}”的前缀内，但在其范围 {{start}} 至 {{end}} 之外。',
    remedy: '扩大范围：wirebook network update {{networkQuoted}} {{widen}}',
  },
  taken: {
    text: '{{ip}} 已被 {{holder}} 占用。',
    remedy: '请查明两者中哪一个有误并更改其地址：wirebook conflict list --all --ip {{ip}}',
  },
  disconnected: {
    text: '{{server}} 的这块网卡没有连接。',
    remedy:
      '请在 vCenter 中连接它，然后：wirebook account sync {{accountQuoted}} （如果已知其地址，也可以：wirebook server fix {{serverQuoted}} {{assignment}} ）',
  },
  no_wire: {
    text: '这块网卡的端口组已不存在，或对本账号不可见（{{backing}}）。',
    remedy:
      '请在 vCenter 中把网卡接到端口组，或授予账号查看权限；然后：wirebook account sync {{accountQuoted}}',
  },
  vm_unreadable: {
    text: 'vCenter 无法读取 {{server}} 的配置（{{connectionState}}）。',
    remedy:
      '请恢复其宿主机，或在 vCenter 中把孤立的虚拟机移出清单 （如果已知其地址，也可以：wirebook server fix {{serverQuoted}} {{assignment}} ）',
  },
  nobody: 'vCenter 之外的持有者',
  titles: {
    powered_off: '已关机',
    template: '模板',
    tools_not_installed: '未安装 VMware Tools',
    tools_not_running: 'VMware Tools 未运行',
    tools_no_address: 'Tools 未报告地址',
    no_network: '没有子网包含该地址',
    other_wire: '子网位于其他二层网络',
    outside_range: '在子网范围之外',
    taken: '地址已被占用',
    disconnected: '网卡未连接',
    no_wire: '端口组已不存在或不可见',
    vm_unreadable: '配置无法读取',
  },
} as const;
