/** 每种问题的标题、说明与处理办法。 */
export const problems = {
  invalid_input: {
    title: '输入未被接受',
    detail_other: '请求中有 {{count}} 个字段未被接受。',
    remedy: '请更正所列的字段后重新提交。没有任何改动。',
  },
  malformed_request: {
    title: '请求无法读取',
    detail: '请求正文不是此路径需要的 JSON：{{cause}}。',
    remedy: '请发送 JSON 对象，并带上 "Content-Type: application/json"。',
  },
  unauthorized: {
    title: '尚未登录',
    detail: '请求没有携带有效的令牌，也没有仍然有效的会话。',
    remedy:
      '请在网页上登录，或执行：wirebook login。程序请发送 "Authorization: Bearer TOKEN"；在控制器所在机器上，令牌位于数据目录的 cli.json 中。',
  },
  sign_in_refused: {
    title: '登录被拒绝',
    detail: '没有用户使用此用户名和密码，或登录链接不完整。',
    remedy:
      '请重新输入用户名和密码，或复制完整的链接。管理员可用此命令生成新链接：wirebook user link USER。在控制器所在机器上总是可以执行。',
  },
  sign_in_link_used: {
    title: '链接已被使用',
    detail: '此登录链接已于 {{at}} 使用，每个链接只能使用一次。',
    remedy:
      '如果不是您本人使用的，请告知管理员。新链接用此命令生成：wirebook user link。在控制器所在机器上总是可以执行。',
  },
  sign_in_link_expired: {
    title: '链接已过期',
    detail: '此登录链接的有效期到 {{at}} 为止。',
    remedy: '新链接用此命令生成：wirebook user link。在控制器所在机器上总是可以执行。',
  },
  forbidden: {
    title: '无权操作',
    detail: '您的角色 {{role}} 不能执行此操作，需要 {{needed}}。',
    remedy: '请联系管理员。',
  },
  cross_site: {
    title: '请求不是来自本站',
    detail: '请求来自另一个站点，或没有说明来源。',
    remedy:
      '请通过网页自身的地址使用网页（前面有代理时，用 WIREBOOK_PUBLIC_URL 指明该地址）。程序请使用令牌，或在 "Origin" 请求头中给出控制器的地址。',
  },
  session_needed: {
    title: '需要会话',
    detail: '此操作须由通过会话登录的人执行，而请求携带的是令牌。',
    remedy: '请在网页上登录后执行。吊销令牌用：wirebook token revoke',
  },
  not_found: {
    title: '找不到',
    detail: '没有名称或 ID 为“{{name}}”的对象（{{kind}}）。',
    remedy: '查看现有的对象：wirebook {{command}} list',
  },
  ambiguous: {
    title: '名称不唯一',
    detail: '有 {{count}} 个对象（{{kind}}）的名称是“{{name}}”。',
    remedy: '请使用所列对象之一的 ID；对于地址，请指明地址空间：--space SPACE。',
  },
  name_taken: {
    title: '名称已被使用',
    detail: '已有名称为“{{name}}”的对象（{{kind}}）。',
    remedy: '请换一个名称，或修改已有的对象。',
  },
  in_use: {
    title: '仍在使用',
    detail: '无法删除或修改“{{name}}”：所列的对象正在使用它。',
    remedy: '请先删除或移走这些对象。',
  },
  account_busy: {
    title: '有操作正在进行',
    detail: '账号“{{name}}”有 {{count}} 个操作正在进行，最早的是 {{operation}}。',
    remedy:
      '请等待它结束（wirebook operation wait {{operation}}），或取消它（wirebook operation cancel {{operation}}）。',
  },
  overlap: {
    title: '地址范围重叠',
    detail:
      '{{start}} 至 {{end}} 与地址空间“{{space}}”中的子网“{{other}}”（{{otherStart}} 至 {{otherEnd}}）重叠。',
    remedy: '请选择不重叠的范围，或先缩小“{{other}}”。重复使用同一私有网段的站点应放在各自的地址空间中。',
  },
  account_exists: {
    title: '账号已存在',
    detail: '这个 vCenter 或 ESXi（{{instanceUuid}}）已经以“{{name}}”纳管。',
    remedy: '请使用该账号；如需更换地址：wirebook account update {{quoted}} --url URL',
  },
  not_running: {
    title: '已经结束',
    detail: '该对象（{{kind}}）已经结束（{{state}}）。',
    remedy: '没有可取消的内容。',
  },
  claims_outside_range: {
    title: '地址会落到范围之外',
    detail: '新的范围会排除已被占用的地址：{{ips}}。',
    remedy: '请让这些地址保留在范围内，或先释放它们。',
  },
  reservations_outside_range: {
    title: '预留会落到范围之外',
    detail: '新的范围会全部或部分排除这些预留：{{ranges}}。',
    remedy: '请让这些预留留在范围内，或先修改、删除它们：wirebook reservation list',
  },
  claims_in_the_way: {
    title: '子网上有手动或分配的地址',
    detail: '“{{name}}”上有人或程序申请的地址：{{ips}}。',
    remedy: '请先释放它们。由 VMware Tools 得知的地址不会阻碍删除，它们会变为未匹配。',
  },
  network_full: {
    title: '空闲地址不足',
    detail_other: '“{{name}}”目前可分配 {{free}} 个地址，请求了 {{count}} 个；一个也没有分配。',
    remedy:
      '查看占用情况：wirebook network addresses {{quoted}}；然后释放一些、扩大范围，或允许从更多部分分配（--give）。',
  },
  gives_nothing: {
    title: '子网不分配地址',
    detail: '“{{name}}”不分配任何地址。',
    remedy: '设置可分配的部分：wirebook network update {{quoted}} --give all',
  },
  address_not_free: {
    title: '地址不空闲',
    detail: '{{why}}',
    remedy: '{{fix}}',
  },
  claim_has_other_address: {
    title: '该键已有其他地址',
    detail: '键“{{key}}”在“{{network}}”中已有 {{has}}，而不是 {{ip}}。同一个键总是得到同一个地址。',
    remedy: '请先释放（wirebook network claim {{quoted}} {{keyQuoted}} --release），或使用其他键。',
  },
  record_not_releasable: {
    title: '记录来自 VMware Tools',
    detail: '{{ips}}：VMware Tools 报告虚拟机正在使用这些地址，因此不能手动归还。',
    remedy: '请在虚拟机内更改地址；之后的同步会自动结束该记录。',
  },
  reservation_overlap: {
    title: '预留重叠',
    detail: '{{start}} 至 {{end}} 与预留 {{otherStart}} 至 {{otherEnd}}（{{note}}）重叠。',
    detail_unnamed: '{{start}} 至 {{end}} 与预留 {{otherStart}} 至 {{otherEnd}} 重叠。',
    remedy: '请修改那条预留（wirebook reservation list），或预留旁边的范围。',
  },
  network_between: {
    title: '中间还有其他子网',
    detail: '“{{name}}”与“{{into}}”之间还有其他子网：{{others}}。',
    remedy: '请先依次合并它们：wirebook network merge {{otherQuoted}} --into {{intoQuoted}}',
  },
  keys_in_both: {
    title: '两边都有这些键',
    detail: '“{{name}}”与“{{into}}”都有这些键的地址占用：{{keys}}。一个子网中，一个键只有一个地址。',
    remedy: '请释放其中一个：wirebook network claim {{quoted}} {{keyQuoted}} --release',
  },
  wire_excluded: {
    title: '二层网络已被另一子网排除',
    detail: '二层网络“{{wire}}”属于“{{using}}”，却被“{{excluding}}”排除。',
    remedy:
      '请对两者作出一致的决定。如果它属于合并后的子网：wirebook network wires {{excludingQuoted}} --add {{wireQuoted}}',
  },
  nics_not_moved: {
    title: '网卡没有迁到另一个二层网络',
    detail:
      '没有哪个其他二层网络接有“{{name}}”的几乎全部网卡；它们现在位于：{{places}}。至少要有两块、且十分之九的网卡在同一个二层网络上。',
    detail_none: '没有网卡占用或报告“{{name}}”的地址，因此无从得知它应位于何处。',
    remedy: '请指定二层网络：wirebook network move {{quoted}} --wire WIRE --dry-run',
  },
  conflict_over: {
    title: '冲突已结束',
    detail: '该冲突已于 {{at}} 结束。',
    remedy: '列出仍存在的冲突：wirebook conflict list',
  },
  no_host_fits: {
    title: '没有合适的宿主机',
    detail_other: '所考虑的 {{count}} 台宿主机中没有一台能放置它。',
    remedy: '各宿主机的原因已列出。请降低要求、换一个子网，或按所说处理；--dry-run 可再次查看。',
  },
  name_taken_in_vcenter: {
    title: 'vCenter 中已有此名称',
    detail: '文件夹 {{folder}} 中已有虚拟机“{{name}}”。',
    remedy: '请换一个名称或另一个文件夹（--folder）。',
  },
  server_busy: {
    title: '虚拟机正在更改',
    detail: '另一个操作此刻正在更改“{{server}}”：{{operation}}。',
    remedy: '等待其结束：wirebook operation wait {{operation}}',
  },
  server_running: {
    title: '虚拟机正在运行',
    detail: '“{{server}}”已开机。',
    remedy: '请先关机，或由 Wirebook 关机：wirebook server delete {{quoted}} --power-off',
  },
  tag_unknown: {
    title: '没有子网带此标签',
    detail: '没有子网带标签 {{tag}}。',
    remedy:
      '查看标签：wirebook network list --fields name,tags 。设置标签：wirebook network update NAME --tag {{tag}}',
  },
  server_not_changeable: {
    title: '虚拟机不能更改',
    detail: '“{{server}}”不能更改：{{why, unchangeable}}。',
    remedy: '{{why, unchangeableRemedy}}',
  },
  source_unusable: {
    title: '不能克隆',
    detail: '“{{name}}”不能克隆：{{why, uncloneable}}。',
    remedy: '请选择另一个模板或虚拟机：wirebook server list --template',
  },
  setup_unfit: {
    title: '不能这样设置虚拟机',
    detail: '不能按要求设置虚拟机内部：{{why, setup}}。',
    remedy: '请更改所说的部分，或选择方式：--setup customization、cloud_init 或 none。',
  },
  password_wrong: {
    title: '密码错误',
    detail: '所给的当前密码不正确。没有任何改动。',
    remedy: '请重新输入当前密码。',
  },
  account_disabled: {
    title: '账号已停用',
    detail: '账号“{{name}}”已停用：不会在那里作任何更改。',
    remedy: '启用：wirebook account update {{quoted}} --enable',
  },
  address_outside_network: {
    title: '地址不在子网内',
    detail: '{{ip}} 不在“{{name}}”的范围（{{start}} 至 {{end}}）内。',
    remedy: '查找包含它的子网：wirebook network list --ip {{ip}}',
  },
  reservation_outside_range: {
    title: '预留不在子网内',
    detail: '{{start}} 至 {{end}} 不在“{{name}}”的范围（{{rangeStart}} 至 {{rangeEnd}}）内。',
    remedy: '请给出该子网内的地址。',
  },
  expires_in_the_past: {
    title: '到期时间已过',
    detail: '{{at}} 已经过去。',
    remedy: '请给出将来的时间。',
  },
  not_shareable: {
    title: '地址不能共享',
    detail: '{{ip}} 由 vCenter 之外的持有者或没有网卡的占用持有：{{holder}}。',
    remedy: '请先释放它，或保留原状。',
  },
  fixes_refused: {
    title: '修正被拒绝',
    detail_other: '有 {{count}} 个地址不能按要求修正；没有做任何改动。',
    remedy: '请逐条改正所列的问题后重新提交全部内容。',
  },
  import_refused: {
    title: '导入被拒绝',
    detail_other: '有 {{count}} 行被拒绝；没有导入任何内容。',
    remedy: '请改正所列的各行后重新导入。',
    remedy_unfit: '请改正所列的各行后重新导入，或略过没有二层网络符合的行：--skip-unfit',
  },
  declarations_refused: {
    title: '导入被拒绝',
    detail_other: '{{count}} 处声明被拒绝；没有导入任何内容。',
    remedy: '请改正所列之处，再整体导入。',
  },
  idempotency_key_reused: {
    title: '幂等键已用于其他请求',
    detail: '这个键已经用于内容不同的请求。',
    remedy: '新的请求请使用新的键。',
  },
  request_in_progress: {
    title: '相同的请求正在处理',
    detail: '使用这个幂等键的请求尚未结束。',
    remedy: '请等它结束后再重复。',
  },
  range_outside_prefix: {
    title: '范围超出前缀',
    detail: '{{start}} 至 {{end}} 不在 {{cidr}} 之内。',
    remedy: '请给出同一前缀内的起止地址，或更改前缀长度。',
  },
  gateway_outside_prefix: {
    title: '网关超出前缀',
    detail: '网关 {{gateway}} 不在 {{cidr}} 之内。',
    remedy: '请给出前缀内的网关。IPv6 也可以使用链路本地网关（fe80::/10）。',
  },
  giving_outside_range: {
    title: '可分配部分超出范围',
    detail: '{{start}} 至 {{end}} 不在范围 {{rangeStart}} 至 {{rangeEnd}} 之内。',
    remedy: '新地址只能从子网的范围内分配。请指明从哪些部分分配：--give all、none 或 A-B。',
  },
  wire_takes_no_networks: {
    title: '该二层网络不承载子网',
    detail: '“{{name}}”的用途是 {{purpose}}：没有虚拟机接入它。',
    remedy: '请选择虚拟机所在端口组对应的二层网络：wirebook wire list',
  },
  wire_missing: {
    title: '二层网络已缺失',
    detail: '自 {{since}} 起在 vCenter 中找不到“{{name}}”。',
    remedy: '请选择现有的二层网络；如果端口组已恢复，请同步账号。',
  },
  primary_wire: {
    title: '主二层网络',
    detail: '“{{wire}}”是“{{network}}”的主二层网络，不能从中排除。',
    remedy: '请先把 IP 子网移到另一个二层网络：wirebook network move {{quoted}} --wire WIRE',
  },
  other_space: {
    title: '属于其他地址空间',
    detail: '二层网络“{{wire}}”属于地址空间“{{wireSpace}}”，子网“{{network}}”属于“{{networkSpace}}”。',
    remedy: '子网只能使用同一空间的二层网络：wirebook wire update {{quoted}} --space {{networkSpace}}',
  },
  companion_unfit: {
    title: '伴随子网不合适',
    detail: '“{{companion}}”不能作为伴随子网：伴随子网须为另一地址族、位于同一二层网络，且没有其他伴随子网。',
    remedy: '请指定同一二层网络上的 IPv{{family}} 子网。',
  },
  cut_outside_range: {
    title: '此处无法拆分',
    detail: '{{at}} 不能拆分“{{name}}”的范围（{{start}} 至 {{end}}）。',
    remedy:
      '请给出后半部分的第一个地址：在范围之内，但不是范围的第一个地址。wirebook network show {{quoted}}',
  },
  merge_unfit: {
    title: '子网不能合并',
    detail:
      '“{{name}}”（IPv{{family}}，地址空间“{{space}}”）与“{{into}}”（IPv{{intoFamily}}，地址空间“{{intoSpace}}”）不能合为一个子网。',
    remedy:
      '同一地址空间、同一地址族的子网才能合并。IPv4 与 IPv6 子网可以互为伴随子网：wirebook network update {{quoted}} --companion {{intoQuoted}}',
  },
  prefix_needed: {
    title: '需要指定前缀',
    detail:
      '“{{name}}”（{{cidr}}）与“{{into}}”（{{intoCidr}}）的前缀都容不下两者，它们也不是同一前缀的两半。',
    detail_apart:
      '除了包含全部地址的前缀，没有前缀能容纳“{{name}}”（{{cidr}}）与“{{into}}”（{{intoCidr}}）。',
    remedy:
      '如果两者应当同属一个前缀：wirebook network merge {{quoted}} --into {{intoQuoted}} --prefix {{needed}}',
    remedy_apart: '请保留为两个子网。',
  },
  certificate_not_trusted: {
    title: '证书尚未受信任',
    detail: '{{url}} 出示的证书没有已知机构担保：SHA-256 {{sha256}}，主体 {{subject}}。',
    remedy: '请与服务器控制台上显示的指纹核对；一致时使用：--trust {{sha256}}',
  },
  certificate_changed: {
    title: '证书已改变',
    detail: '{{url}} 出示的证书是 {{actual}}，而受信任的是 {{expected}}。',
    remedy:
      '如果证书是有意更换的，请信任新证书：wirebook account update NAME --trust {{actual}}。否则可能有人在中间截取。',
  },
  login_refused: {
    title: '登录被拒绝',
    detail: '{{url}} 拒绝了“{{username}}”的用户名或密码。',
    remedy: '请检查两者；vCenter 用户名带有域，例如 administrator@vsphere.local。',
  },
  privileges_missing: {
    title: '权限不足',
    detail: '“{{username}}”在 {{object}} 上缺少 {{privilege}}。',
    remedy: '请在根文件夹上授予“只读”角色，并勾选“传播到子对象”。',
  },
  unreachable: {
    title: '无法连接',
    detail: '无法连接 {{url}}：{{cause}}。',
    remedy: '请在控制器所在机器上检查名称、端口和防火墙。',
  },
  not_a_vcenter: {
    title: '不是 vCenter 或 ESXi',
    detail: '{{url}} 有应答，但不是 vCenter 或 ESXi 的应答：{{cause}}。',
    remedy: '请给出 vCenter SDK 的地址，例如 https://vc.example/sdk',
  },
  other_vcenter: {
    title: '是另一个 vCenter',
    detail: '{{url}} 指向另一个 vCenter 或 ESXi（{{actual}}），而不是添加此账号时的那一个（{{expected}}）。',
    remedy: '请检查地址。如果确实要使用另一个，请把它作为单独的账号添加：它的对象并不是这里已知的对象。',
  },
  reply_unusable: {
    title: '应答无法使用',
    detail: '{{url}} 的应答无法使用：{{cause}}。',
    remedy: '上一次的完好状态保持不变。请重试；如果反复出现，请检查中间是否有代理。',
  },
  payload_too_large: {
    title: '请求过大',
    detail: '请求正文超过此路径接受的大小。',
    remedy: '请分批发送。',
  },
  unsupported_media_type: {
    title: '不是 JSON',
    detail: '此路径不接受这种类型的请求正文。',
    remedy: '请发送 JSON，并带上 "Content-Type: application/json"。',
  },
  too_many_requests: {
    title: '请求过多',
    detail: '短时间内来自此处的请求过多。',
    remedy: '请稍后再试。',
  },
  sign_in_throttled: {
    title: '错误尝试过多',
    detail: '来自您的地址的错误尝试过多，{{at}}（{{seconds}} 秒后）才接受下一次登录。',
    remedy: '请等到那时；在此之前提交的内容无论对错都不会检查。其他地址不受影响。',
  },
  simulated_vcenter_unavailable: {
    title: '此处没有模拟 vCenter',
    detail: '{{why}}',
    remedy: '请添加自己的 vCenter，或在装有 Go 的机器上从代码仓库运行 Wirebook。',
  },
  simulated_vcenter_failed: {
    title: '模拟 vCenter 未能启动',
    detail: '模拟 vCenter 未能启动，原因见控制器日志。',
    remedy: '请重试；如果反复出现，请查看日志。',
  },
  database_unavailable: {
    title: '数据库无法连接',
    detail: '数据库目前没有应答。',
    remedy: '请稍后再试；GET /readyz 会说明何时恢复。',
  },
  internal: {
    title: 'Wirebook 自身故障',
    detail: '请求遇到了 Wirebook 自身的故障，日志编号为 {{requestId}}。',
    remedy: '请附上该编号及控制器日志中的相关行进行反馈。',
  },
} as const;
