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
    remedy: '请创建它所属的子网：wirebook network create NAME --wire {{wireQuoted}} --cidr {{cidr}}',
  },
  other_wire: {
    text: '子网“{{network}}”包含 {{ip}}，但它位于二层网络“{{wire}}”，而不是“{{ownWire}}”。',
    remedy:
      '如果这里的虚拟机也使用该子网，请把本二层网络加入该子网：wirebook network wires {{networkQuoted}} --add {{ownWireQuoted}}',
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
