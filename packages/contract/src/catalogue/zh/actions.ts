/** 针对某个原因可以做什么，如同按钮上的文字。 */
export const actions = {
  read_again: '处理之后，重新读取账号',
  fix_by_hand: '如果已知其地址，请说明',
  see_proposals: '查看建议的子网',
  make_network: '在“{{wire}}”上创建子网 {{cidr}}',
  widen: '把“{{network}}”的范围扩大到 {{ip}}',
  add_wire: '把“{{wire}}”加入“{{network}}”的二层网络',
  exclude_wire: '从“{{network}}”中永久排除“{{wire}}”',
  own_space: '查看是否为“{{wire}}”提议了单独的地址空间',
  see_conflict: '查看谁占有该地址，以及双方报告了什么',
  keep: '{{ip}} 仍归 {{holder}}',
  give: '{{ip}} 归 {{server}}',
  share: '双方有意共用 {{ip}}',
} as const;
