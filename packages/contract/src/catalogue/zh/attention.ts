/** 需要人关注的事项，以及同步中遇到的情况。 */
export const attention = {
  database: '数据库没有应答。',
  workers: '后台任务没有运行。',
  stopping: '控制器正在停止。',
  no_account: {
    text: '还没有纳管任何 vCenter。',
    remedy:
      'wirebook account add NAME --url https://VCENTER/sdk --username USER --password-stdin --trust-seen',
  },
  account: { text: '账号“{{name}}”不正常：{{status}}', remedy: 'wirebook account test {{quoted}}' },
  operation: {
    text: '对“{{server}}”的一项操作失败，并留下了未清理的内容。',
    remedy: 'wirebook operation show {{operation}}；撤销：wirebook operation cancel {{operation}}',
  },
  no_network: {
    text: '还没有子网，因此虚拟网卡没有记录。',
    remedy: 'wirebook proposal list',
  },
  unresolved_one: {
    text: '有一块虚拟网卡没有记录。',
    remedy: 'wirebook nic list --unresolved',
  },
  unresolved_other: {
    text: '有 {{count}} 块虚拟网卡没有记录。',
    remedy: 'wirebook nic list --unresolved',
  },
  conflicts: { text: '被重复使用的地址：{{count}} 个。', remedy: 'wirebook conflict list' },
  full_networks_one: {
    text: '有 1 个子网的可分配地址已占用至少 {{percentage}}%。',
    remedy: 'wirebook network list --sort -utilisation',
  },
  full_networks_other: {
    text: '有 {{count}} 个子网的可分配地址已占用至少 {{percentage}}%。',
    remedy: 'wirebook network list --sort -utilisation',
  },
  findings_one: {
    text: '有 1 项异常：观察到的情况与声明或惯例不符。',
    remedy: 'wirebook finding list',
  },
  findings_other: {
    text: '有 {{count}} 项异常：观察到的情况与声明或惯例不符。',
    remedy: 'wirebook finding list',
  },
  nicsMoved:
    '“{{network}}”的 {{total}} 块网卡中有 {{moved}} 块现在位于“{{to}}”，而不在“{{from}}”：要移动子网吗？',
  conflict: {
    duplicate: '{{holder}} 拥有 {{ip}}，{{claimant}} 也报告了它。',
    moving: '{{ip}} 在 {{holder}} 与 {{claimant}} 之间来回移动。',
  },
  sync: {
    interrupted: {
      text: '执行这次同步的控制器中途结束了。',
      remedy: '没有保留任何未完成的内容。账号会自动重新读取。',
    },
    cancelled: {
      text: '同步已取消。',
      remedy: '没有保留任何内容。重新读取：wirebook account sync {{quoted}}',
    },
    internal: {
      text: '同步遇到了 Wirebook 自身的故障。',
      remedy: '上一次的完好状态保持不变。请在控制器日志中查找这次同步的编号。',
    },
    unanswered: '{{fault}}：对象没有应答；已知的内容保持不变。',
    vanished: '读取过程中它消失了。',
    no_privilege: '账号无权读取 {{path}}：缺少 {{privilege}}。',
    unreadable: '无法读取其配置（{{state}}）；已知的内容保持不变。',
    duplicate_identity: '本账号中另一台虚拟机有相同的实例 UUID：{{uuid}}。',
    dropped_property: '此版本的 API 没有这个属性。',
    odd_address: '它报告了“{{value}}”，这不是地址。',
    truncated_name: '其名称超过 255 个字符，已截短。',
  },
} as const;
