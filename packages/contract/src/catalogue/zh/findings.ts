/** 观察到的异常：应当如何、实际如何、在哪里，以及如何处理。 */
export const findings = {
  guest_mask: {
    text: '{{server}}（{{nic}}）在“{{wire}}”上报告 {{ip}}{{found}}；子网“{{network}}”的前缀长度是 {{expected}}。',
    remedy:
      '请在虚拟机内把前缀长度改为 {{expected}}。如果虚拟机是对的，请修改子网：wirebook network update {{networkQuoted}} --prefix {{length}}',
  },
  guest_gateway: {
    text: '{{server}}（{{nic}}，{{ip}}）使用网关 {{found}}；子网“{{network}}”的网关是 {{expected}}。',
    remedy:
      '请在虚拟机内把网关改为 {{expected}}。如果虚拟机是对的，请修改子网：wirebook network update {{networkQuoted}} --gateway {{found}}',
  },
  link_local_address: {
    text: '{{server}}（{{nic}}）在“{{wire}}”上的 IPv4 地址只有 {{found}}：没有 DHCP 服务器应答。',
    remedy:
      '请确保“{{wire}}”上有 DHCP 服务器应答，或在虚拟机内配置地址，然后：wirebook account sync {{accountQuoted}}',
    remedy_network:
      '请确保“{{wire}}”上有 DHCP 服务器应答，或在虚拟机内配置地址；查看空闲地址：wirebook network next {{networkQuoted}}',
  },
  duplicate_address: {
    text: '{{server}}（{{nic}}）称其配置的 {{ip}} 已被他人使用：{{found}} 占有该地址。',
    text_unseen: '{{server}}（{{nic}}）称其配置的 {{ip}} 已被他人使用，但各账号中都看不到使用者。',
    remedy: '请查明该地址归谁，并更改另一方的地址：wirebook why {{ip}}',
  },
  vlan_disagreement: {
    text: '“{{wire}}”在 {{hosts}} 台宿主机中的 {{common}} 台上为{{expected}}，但{{found}}。',
    vlan: ' VLAN {{vlan}}',
    untagged: '无 VLAN',
    elsewhere: '在 {{hosts}} 上为{{vlan}}',
    remedy:
      '请在 vCenter 中，或在不一致的宿主机上，把端口组设为同一个 VLAN：esxcli network vswitch standard portgroup set -p {{nameQuoted}} -v {{vlanId}} 。然后：wirebook account sync {{accountQuoted}}',
  },
  unexpected_dhcp: {
    text: '{{server}}（{{nic}}）通过 DHCP 得到 {{ip}}，不在子网“{{network}}”的 DHCP 范围（{{ranges}}）内。',
    text_none:
      '{{server}}（{{nic}}）通过 DHCP 得到 {{ip}}；子网“{{network}}”没有 DHCP 范围，其虚拟机大多（{{configured}}）为手工配置。',
    remedy:
      '请查明是哪台 DHCP 服务器在“{{wire}}”上应答。如果本来就应由它分配这个地址，请登记：wirebook reservation add {{networkQuoted}} {{ip}} --dhcp --note DHCP',
  },
  gateway_unset: {
    text_other: '子网“{{network}}”没有网关；其中有网关的 {{count}} 台虚拟机都使用 {{found}}。',
    remedy: '采用该网关：wirebook network update {{networkQuoted}} --gateway {{found}}',
  },
  network_moved: {
    text: '子网“{{network}}”有地址的 {{total}} 块网卡中有 {{moved}} 块现在位于“{{found}}”，而不是“{{expected}}”：是否迁移该子网？',
    remedy:
      '先看会有哪些变化，再去掉 --dry-run 执行：wirebook network move {{networkQuoted}} --wire {{wireQuoted}} --dry-run',
  },
  wire_suggested: {
    text_other:
      '“{{wire}}”上有 {{count}} 台虚拟机使用子网“{{network}}”的地址，但有理由认为它不是该子网的二层网络：{{contradiction}}',
    remedy:
      '请决定：加入该子网用 wirebook network wires {{networkQuoted}} --add {{wireQuoted}} ；永久排除用 wirebook network wires {{networkQuoted}} --exclude {{wireQuoted}} ；如果是另一站点使用了同样的地址段，请放入单独的地址空间：wirebook proposal list 列出此类建议，wirebook proposal accept 即可完成',
  },
  contradicted_record: {
    text_manual:
      '{{server}}（{{nic}}）在子网“{{network}}”中由人工修正为 {{expected}}，但虚拟机报告的是 {{found}}。',
    text_allocated:
      '{{server}}（{{nic}}）在子网“{{network}}”中由 Wirebook 分配了 {{expected}}，但虚拟机报告的是 {{found}}。',
    remedy:
      '如果虚拟机是对的，请释放该记录：wirebook network release {{networkQuoted}} {{expected}} 。如果记录是对的，请在虚拟机内配置 {{expected}}。在此之前该地址一直被占用。',
  },
  titles: {
    guest_mask: '虚拟机的前缀长度与其子网不同',
    guest_gateway: '虚拟机的网关与其子网不同',
    link_local_address: '只有 169.254 地址：没有 DHCP 应答',
    duplicate_address: '虚拟机称其地址已被他人使用',
    vlan_disagreement: '各宿主机上端口组的 VLAN 不一致',
    unexpected_dhcp: '不应有 DHCP 之处出现 DHCP 地址',
    gateway_unset: '子网没有网关，而其虚拟机有',
    network_moved: '子网的网卡已移到另一个二层网络',
    wire_suggested: '建议的二层网络等待决定',
    contradicted_record: '虚拟机与记录相矛盾',
  },
} as const;
