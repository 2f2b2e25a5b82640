/** 导入各行时，除问题之外需要说明的内容。 */
export const imports = {
  used_elsewhere: '“{{wire}}”上没有网卡使用该地址段；使用它的网卡位于：{{wires}}。VLAN 是否写对？',
  most_used: '有多个二层网络符合（{{wires}}）；已选用网卡使用该地址段最多的一个。',
  tie: '有多个二层网络符合，使用程度相同（{{wires}}）；已按名称选用“{{wire}}”。',
  filled: '原先未设置，已补上：{{fields}}。',
  differs: '文件中 {{field}} 为 {{listed}}；已声明的 {{stands}} 保持不变。',
  differs_vlan: '文件中 VLAN 为 {{listed}}；该子网位于 {{stands}}，保持不变。',
} as const;

/** 导入 IP子网时某一行的问题；属于 `fields`。 */
export const importFields = {
  import_range_outside_prefix: '范围 {{start}} 至 {{end}} 不在前缀 {{cidr}} 之内。',
  import_gateway_outside_prefix: '不在前缀 {{cidr}} 之内。',
  import_not_a_prefix_length: '既不是 24 这样的前缀长度，也不是 255.255.255.0 这样的掩码。',
  import_trunk: 'Trunk 承载多个 VLAN，本身没有子网。请写明子网所在的那一个 VLAN ID。',
  not_a_vlan: '不是 VLAN ID：应为 1 至 4094；不带标签时为 0 或留空。',
  import_overlap:
    '该范围与地址空间“{{space}}”中的子网“{{other}}”（{{otherStart}} 至 {{otherEnd}}）重叠。wirebook network show {{otherQuoted}}',
  import_overlap_line: '该范围与第 {{other}} 行（{{otherStart}} 至 {{otherEnd}}）重叠。',
  import_name_taken:
    '地址空间“{{space}}”中已有同名子网：{{otherStart}} 至 {{otherEnd}}。wirebook network show {{otherQuoted}}',
  import_same_name: '第 {{other}} 行的名称与此相同。',
  import_no_wire: '没有 VLAN 为 {{vlan}} 的二层网络。查看现有的：wirebook wire list',
  import_no_wire_switch:
    '交换机“{{switch}}”上没有 VLAN 为 {{vlan}} 的二层网络。查看现有的：wirebook wire list',
  import_no_wire_elsewhere:
    'VLAN {{vlan}} 不在交换机“{{switch}}”上，而在：{{switches}}。请改写为其中之一，或不写交换机。',
  import_no_wire_used:
    '没有 VLAN 为 {{vlan}} 的二层网络，但使用该地址段的网卡位于：{{wires}}。请改写为所指二层网络的 VLAN，或手工创建子网：wirebook network create {{nameQuoted}} --wire {{wireQuoted}} --start {{start}} --end {{end}} --prefix {{prefix}}',
  import_no_wire_used_switch:
    '交换机“{{switch}}”上没有 VLAN 为 {{vlan}} 的二层网络，但使用该地址段的网卡位于：{{wires}}。请改写为所指二层网络的 VLAN 和交换机，或手工创建子网：wirebook network create {{nameQuoted}} --wire {{wireQuoted}} --start {{start}} --end {{end}} --prefix {{prefix}}',
} as const;
