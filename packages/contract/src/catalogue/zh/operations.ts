/** 操作：步骤、过程、失败的原因；以及宿主机为何不能放置虚拟机。 */
export const operations = {
  steps: {
    address: '占用地址',
    place: '选择宿主机',
    clone: '克隆',
    configure: '配置硬件并绑定网卡',
    record: '登记虚拟机及其网卡',
    customize: '下发虚拟机内的设置',
    power_on: '开机',
    watch: '等待虚拟机显示其地址',
    clean: '清除虚拟机不再需要的内容',
    power_off: '关机',
    destroy: '在 vCenter 中删除虚拟机',
    release: '归还地址',
    attach: '添加网卡',
    detach: '移除网卡',
    change: '重新绑定网卡',
    restart: '重启虚拟机',
  },
  /** 发生了什么、某一步的结果、需要查看的、遗留的。 */
  lines: {
    address_taken: '已占用：{{ips}}。',
    not_watched:
      '无法继续观察虚拟机内部（{{reason}}）。虚拟机已存在并拥有其地址；请查看：wirebook server show {{quoted}}',
    placed: '宿主机 {{host}}，数据存储 {{datastore}}。',
    placed_by_drs: '集群 {{cluster}} 的 DRS 选择了宿主机 {{host}}。',
    cloning: '正在 {{host}} 上克隆 {{source}}。',
    adopted: '在 vCenter 中重新找到（{{moref}}）：继续已经开始的工作。',
    cloned: '已从 {{source}} 克隆。',
    configured: '{{cpus}} 个 CPU，{{memory}} MiB 内存；MAC {{macs}}。',
    bound: '{{label}}（{{mac}}）接在 {{wire}} 上。',
    recorded: '虚拟机及其网卡已登记。',
    customizing: 'vCenter 将在开机时以 {{hostName}} 为名对虚拟机进行自定义。',
    guestinfo_written: 'cloud-init 的设置已写入 guestinfo。',
    watching: '等待 VMware Tools 显示 {{ip}}，最多 {{seconds}} 秒。',
    address_seen: 'VMware Tools 显示 {{ip}}。',
    other_address_seen:
      '{{seconds}} 秒后 VMware Tools 显示的是 {{seen}}，而不是 {{ip}}。请查看虚拟机内部：其自身的配置可能覆盖了下发的设置。wirebook server show {{quoted}}',
    no_address_seen:
      '{{seconds}} 秒内 VMware Tools 没有显示 {{ip}}（{{tools, tools}}）。地址仍归该虚拟机；请查看其控制台，稍后再看：wirebook server show {{quoted}}',
    not_powered_on: '按要求没有开机；开机后才会得到地址。',
    userdata_removed: '已从 guestinfo 中清除用户数据和密钥。',
    retrying: '无法询问 vCenter（{{fault}}），正在重试。',
    destroyed: '{{name}} 已在 vCenter 中删除。',
    released: '已归还：{{ips}}。',
    server_left: '虚拟机 {{name}}（{{moref}}）仍在 vCenter 中。',
    addresses_left: '仍被占用：{{ips}}。',
    guest_not_told:
      '虚拟机内部还不知道 {{ip}}：运行中没有任何部件会接收这一更改。请在虚拟机内手工配置，或在 cloud-init、自定义可用时允许重启（--restart）。',
    restarting: '正在重启虚拟机，使其采用新的设置。',
    rebound: '{{label}}（{{mac}}）现在接在 {{wire}} 上。',
    powered_off: '已关机。',
    detached: '{{label}}（{{mac}}）已移除。',
    no_gateway: '{{network}} 没有网关：虚拟机不会由它得到默认路由。',
    no_dns: '{{network}} 没有 DNS 服务器：虚拟机不会由它得到 DNS。',
    cloud_init_assumed: '从外部无法得知 {{source}} 是否装有 cloud-init：没有它，虚拟机会保持原样。',
    drs_silent: '无法询问 DRS（{{fault}}）：{{message}} 由 Wirebook 选择。',
    former_address_kept:
      '虚拟机可能仍在使用 {{ips}}：它不会分配给别人。虚拟机不再使用之后：wirebook network release NETWORK {{ips}}',
    nic_left: '{{label}}（{{mac}}）仍在虚拟机上。',
    nic_perhaps_left: '{{wire}} 上可能有一块新网卡：请在 vCenter 中查看该虚拟机。',
    nic_moved_left: '{{label}}（{{mac}}）可能已接到 {{wire}}。',
    nic_detached_left: '{{label}}（{{mac}}）可能已移除。',
    mac_changed: '{{label}} 已重新添加，但 vCenter 给了它另一个 MAC：{{mac}}，原为 {{former}}。',
    guest_told_left: '虚拟机可能以 {{ip}} 启动。',
    powered_off_left: '虚拟机可能处于关机状态。',
    server_perhaps_left: 'vCenter 是否已删除 {{name}}，无法确定。',
    userdata_stays:
      '用户数据和密钥仍在 guestinfo 中，能在 vCenter 中查看该虚拟机的人都能读到：虚拟机尚未显示已采用它们。采用之后，请在 vCenter 中清除 guestinfo.userdata。',
    customization_ntp: '自定义不会告知虚拟机时间服务器。',
    customization_asks_dhcp: '网卡 {{nic}} 没有 IPv4 地址：自定义会让它向 DHCP 服务器请求。',
  },
  /** 操作失败的原因与处理办法。 */
  failures: {
    parts_failed: {
      text: '{{total}} 台虚拟机中有 {{count}} 台没有建成。',
      remedy: '逐台查看原因：wirebook operation list --parent {{operation}}',
    },
    internal: {
      text: '遇到 Wirebook 自身的故障，详情在控制器的日志中。',
      remedy: '请附上控制器日志中带有 {{operation}} 的各行反馈问题，然后重新提交。',
    },
    unreachable: {
      text: '{{url}} 长时间无法连接：{{cause}}。',
      remedy:
        '请检查账号（wirebook account test NAME）。如有遗留，待 vCenter 恢复后撤销：wirebook operation cancel {{operation}}',
    },
    host_gone: {
      text: '所选的宿主机期间停止使用（{{fault}}）：{{message}}',
      remedy: '请重新提交：会选择另一台宿主机。加上 --dry-run 可查看哪些可用。',
    },
    clone_failed: {
      text: 'vCenter 无法克隆（{{fault}}）：{{message}}',
      remedy: '请按 vCenter 所说处理后重新提交。该任务可在 vCenter 中模板的近期任务里查看。',
    },
    configure_failed: {
      text: 'vCenter 无法配置虚拟机（{{fault}}）：{{message}}',
      remedy: '请按 vCenter 所说处理，或更改所要的 CPU、内存或磁盘大小。',
    },
    name_taken_in_vcenter: {
      text: 'vCenter 的该文件夹中已有名为 {{name}} 的对象。',
      remedy: '请换一个名称或另一个文件夹（--folder）。',
    },
    wrong_backing: {
      text: '{{label}} 应接在 {{wanted}} 上；回读的结果是 {{found}}。',
      remedy: '请同步该账号，使 Wirebook 掌握端口组的现状，然后重新提交。',
    },
    nic_missing: {
      text: '回读时虚拟机有 {{found}} 块网卡，而应为 {{wanted}} 块。',
      remedy: '请查看模板的网卡，然后重新提交。',
    },
    customization_failed: {
      text: '虚拟机自定义失败（{{event}}）：{{message}}',
      remedy:
        '{{event, customization}}如需查看虚拟机内部，请带 --keep-on-failure 重新提交。Linux 的日志是 /var/log/vmware-imc/toolsDeployPkg.log，Windows 的在 C:\\Windows\\Temp\\vmware-imc。',
    },
    customization_refused: {
      text: 'vCenter 拒绝了自定义（{{fault}}）：{{message}}',
      remedy:
        '模板需要装有 VMware Tools，且其操作系统能由 vCenter 自定义；Linux 还需要 perl，较新的系统中 cloud-init 不得妨碍。也可改用 cloud-init：--setup cloud_init',
    },
    power_on_failed: {
      text: 'vCenter 无法为虚拟机开机（{{fault}}）：{{message}}',
      remedy: '请按 vCenter 所说处理后重新提交；或不开机：--no-power-on',
    },
    no_room: {
      text: '没有足够的资源开机（{{fault}}）：{{message}}',
      remedy: '准入控制或资源池的预留不允许：请减少内存、换一个集群或资源池（--pool），并用 --dry-run 查看。',
    },
    task_failed: {
      text: 'vCenter 未能完成所要求的操作（{{fault}}）：{{message}}',
      remedy: '请按 vCenter 所说处理后重新提交。',
    },
    privileges_missing: {
      text: '账号在 {{object}} 上缺少权限 {{privilege}}。',
      remedy: '请在那里授予。创建虚拟机所需的全部权限：wirebook account privileges',
    },
    login_refused: {
      text: 'vCenter 拒绝了该账号的登录。',
      remedy: '请为账号设置密码：wirebook account update NAME --password-stdin',
    },
    server_gone: {
      text: '虚拟机 {{server}} 已不在 vCenter 中。',
      remedy: '期间有人删除或取消注册了它。请同步该账号，需要时重新提交。',
    },
    host_changed: {
      text: '期间虚拟机已移到另一台主机，而那里的 {{wire}} 与原主机上的不同。',
      remedy: '请同步该账号，然后重新提出请求：会重新查看该主机有什么。',
    },
    server_moved: {
      text: '虚拟机 {{server}} 在 vCenter 中的引用已改变：它被取消注册后又重新注册。',
      remedy: '请同步该账号，使 Wirebook 重新认识它，然后重新提出请求。',
    },
    server_changed: {
      text: '期间有其他人更改了虚拟机 {{server}}。',
      remedy: '请查看它（wirebook server show {{quoted}}），然后重新提出请求。',
    },
    source_gone: {
      text: '{{source}} 已不在 vCenter 中。',
      remedy: '请选择另一个模板：wirebook server list --template',
    },
    no_snapshot: {
      text: '{{source}} 没有可用于链接克隆的快照。',
      remedy: '请为它创建快照，或不用 --linked。',
    },
    addresses_lost: {
      text: '已占用的地址期间给了别人：{{ips}}。',
      remedy: '请重新提交：会占用其他地址。',
    },
    not_undone: {
      text: '未能全部撤销（{{fault}}）。',
      remedy: '请排除障碍后再试一次：wirebook operation cancel {{operation}}',
    },
    account_gone: {
      text: '该账号期间已被移除。',
      remedy: '其 vCenter 中的遗留须在那里清除。',
    },
    clone_lost: {
      text: 'vCenter 称 {{name}} 已克隆，但其中没有它。',
      remedy: '请查看 vCenter 的近期任务，然后重新提交。',
    },
    unmarked_left: {
      text: '{{name}}（{{moref}}）可能是本操作创建的，但没有带上标记。',
      remedy: '请在 vCenter 中查看。如果是遗留，请在那里删除；然后：wirebook operation cancel {{operation}}',
    },
    no_host_left: {
      text: '到了放置的时候，没有宿主机能放置该虚拟机。{{hosts}}：{{why}}',
      remedy: '查看每台宿主机的原因：带 --dry-run 重新提交。',
    },
    place_gone: {
      text: '所要求的位置（集群、资源池、文件夹或数据存储）已不在 vCenter 中。',
      remedy: '请以现有的位置重新提交。',
    },
    disk_too_small: {
      text: '请求了 {{asked}} GiB 的磁盘；克隆源的磁盘有 {{has}} GiB，只能扩大。',
      remedy: '请至少请求 {{has}} GiB（--disk），或不指定。',
    },
    no_mac: {
      text: 'vCenter 没有给 {{label}} MAC。',
      remedy: '请在 vCenter 中查看该网卡，然后重新提交。',
    },
    card_unknown: {
      text: '该网卡是 Wirebook 不认识的类型：{{model}}。',
      remedy: '请在 vCenter 中更改。',
    },
    nic_gone: {
      text: '虚拟机上已没有网卡 {{label}}。',
      remedy: '请同步该账号并查看：wirebook server show {{quoted}}',
    },
    setup_impossible: {
      text: '不能这样设置虚拟机内部：{{why, setup}}。',
      remedy: '请选择另一种方式（--setup），或更改所说的部分。',
    },
    guest_told: {
      text: '虚拟机已得知新地址，而现在无法再告知它改回。',
      remedy: '请查看它显示的地址（wirebook server show {{quoted}}），如有误请在虚拟机内手工配置。',
    },
    server_running: {
      text: '期间虚拟机已被开机。',
      remedy: '由 Wirebook 关机：wirebook server delete {{quoted}} --power-off',
    },
    power_off_failed: {
      text: 'vCenter 无法为虚拟机关机（{{fault}}）：{{message}}',
      remedy: '请按 vCenter 所说处理，或在那里关机，然后重新提交。',
    },
    destroyed_for_good: {
      text: '虚拟机已在 vCenter 中删除，无法恢复。其地址已归还。',
      remedy: '无需再做什么。如仍需要它，请重新创建或从备份恢复。',
    },
    server_unreadable: {
      text: 'vCenter 目前无法读取该虚拟机的配置。',
      remedy: '请在 vCenter 中查看其状态（断开、不可访问、孤立），然后重新提交。',
    },
    destroy_failed: {
      text: 'vCenter 无法删除虚拟机（{{fault}}）：{{message}}',
      remedy: '请按 vCenter 所说处理后重新提交。',
    },
  },
  /** 宿主机为何不能放置虚拟机。 */
  hosts: {
    other_host: '指定了另一台宿主机：{{host}}。',
    other_cluster: '不在集群 {{cluster}} 中。',
    other_pool: '资源池 {{pool}} 位于 {{cluster}}。',
    other_datacenter: '不在数据中心 {{datacenter}}（{{because, because}}）。',
    unknown_host: '尚未同步，不知道它有哪些二层网络。',
    not_connected: '未与 vCenter 连接（{{state, hostState}}）。',
    powered_off: '已关机。',
    standby: '处于待机状态。',
    maintenance: '处于维护模式。',
    no_pool: '没有本账号可见的资源池。',
    no_folder: '其数据中心没有本账号可见的文件夹。',
    source_unreachable: '克隆源位于 {{host}}，它没有响应（{{state, hostState}}）。',
    too_many_nics: '一台虚拟机最多 {{atMost}} 块网卡，请求了 {{asked}} 块。',
    no_wire_in_account: '网卡 {{nic}}：本账号中没有 {{network}} 的二层网络。',
    no_common_wire: '网卡 {{nic}}：{{networks}} 没有共同的二层网络。',
    no_wire: '网卡 {{nic}}：没有 {{network}} 的二层网络（即 {{wires}}）。',
    wire_absent: '网卡 {{nic}}：没有二层网络 {{wire}}。',
    only_trunk: '网卡 {{nic}}：其 {{wire}} 承载多个 VLAN。',
    vlan_differs: '网卡 {{nic}}：其 {{wire}} 的 VLAN 是 {{hostVlan}}，而别处是 {{wireVlan}}。',
    wire_missing: '网卡 {{nic}}：vCenter 中已没有 {{wire}}。',
    wire_purpose: '网卡 {{nic}}：{{wire}} 用于{{purpose, purpose}}。',
    wire_ambiguous: '网卡 {{nic}}：有多个名为 {{wire}} 的端口组。',
    wire_unbindable: '网卡 {{nic}}：尚不知道如何绑定 {{wire}}，请同步该账号。',
    datastore_not_seen: '没有数据存储 {{datastore}}。',
    datastore_unreachable: '无法访问数据存储 {{datastore}}。',
    datastore_read_only: '对数据存储 {{datastore}} 只能读取。',
    datastore_maintenance: '数据存储 {{datastore}} 处于维护模式。',
    datastore_full: '{{datastore}} 剩余 {{free, size}}，需要 {{needed, size}}。',
    no_datastore: '没有可写的数据存储。',
    cpu_count: '请求了 {{asked}} 个 CPU，它只有 {{threads}} 个线程。',
    cpu_short: '剩余 {{free}} MHz，需要 {{needed}} MHz。',
    memory_short: '剩余内存 {{free, size}}，需要 {{needed, size}}。',
  },
  privileges: {
    objects: {
      root: 'vCenter 本身，勾选“传播到子对象”',
      template: '要克隆的模板或其文件夹',
      folder: '放置虚拟机的文件夹',
      pool: '运行虚拟机的资源池、集群或宿主机',
      datastore: '存放虚拟机的数据存储',
      network: '网卡所接的端口组，或其交换机、文件夹',
      server: '要更改的虚拟机或其文件夹',
    },
    purposes: { read: '读取', create: '创建虚拟机', change: '更改网卡和地址', delete: '删除虚拟机' },
    and: '、',
  },
  /** 句子中单个值的说法，按值的种类。 */
  words: {
    hostState: { connected: '已连接', disconnected: '已断开', notResponding: '无响应' },
    because: { asked: '指定的', folder: '文件夹所在', linked: '链接克隆的源所在' },
    purpose: { vm: '虚拟机', vmkernel: '宿主机自身（vmkernel）', uplink: '上行链路' },
    /** VMware Tools 的状态，按 Wirebook 的记法和 vCenter 的说法。 */
    tools: {
      running: '正在运行',
      not_running: '没有运行',
      not_installed: '没有安装',
      unknown: '状态未知',
      guestToolsRunning: '正在运行',
      guestToolsNotRunning: '没有运行',
      guestToolsExecutingScripts: '正在启动',
    },
    /** 按 vCenter 报告的事件，如何处理。 */
    customization: {
      CustomizationLinuxIdentityFailed: '无法设置主机名或时区：该发行版可能不受 vCenter 自定义支持。',
      CustomizationNetworkSetupFailed:
        '无法设置网络：请查看虚拟机内由什么管理网络（netplan、NetworkManager、ifcfg）。',
      CustomizationSysprepFailed: 'Sysprep 失败：该模板上可能运行次数过多，或有应用不允许它运行。',
      CustomizationUnknownFailure: '虚拟机没有说明原因。',
      TOOLSDEPLOYPKG_FAILED: '虚拟机内的 VMware Tools 报告了失败，但没有说明原因。',
      CustomizationFailed: '模板中须装有较新的 VMware Tools。',
      other: '模板中须装有较新的 VMware Tools。',
    },
    /** vCenter 中的位置的称呼。 */
    place: {
      host: '宿主机',
      cluster: '集群',
      datacenter: '数据中心',
      datastore: '数据存储',
      resourcePool: '资源池',
      folder: '文件夹',
    },
    /** 虚拟机为何不能更改或删除。 */
    unchangeable: {
      template: '它是模板',
      managed: '它由某个产品管理（vSphere 集群服务、复制等）',
      missing: 'vCenter 中已没有它',
      moved: '上次同步之后，它在 vCenter 中被取消注册并重新注册',
      unreadable: 'vCenter 无法读取其配置',
      nics: '它的网卡已达虚拟机的上限',
      suspended: '它已挂起',
    },
    /** 不能更改时该怎么做。 */
    unchangeableRemedy: {
      moved: '请先同步其账号（wirebook account sync NAME），然后重新提出请求。',
      other: '请在管理它的地方更改：vCenter，或它所属的产品。',
    },
    /** 为何不能克隆。 */
    uncloneable: {
      managed: '它由某个产品管理（vSphere 集群服务、复制等）',
      missing: 'vCenter 中已没有它',
      unreadable: 'vCenter 无法读取其配置',
      esxi: '它位于没有 vCenter 的 ESXi 上，那里不能克隆',
      no_snapshot: '链接克隆需要快照，而它没有快照',
      no_disk: '它没有可设置大小的磁盘',
      linked_disk: '链接克隆的磁盘不能增大',
      raw_disk: '它的磁盘是裸设备，大小不由 vCenter 决定',
    },
    /** 为何不能按要求设置虚拟机内部。 */
    setup: {
      password_linux:
        'vCenter 只能在 Windows 上设置密码；在 Linux 上请给出密钥，或使用 cloud-init（--setup cloud_init）',
      keys_customization: '密钥和用户数据用于 cloud-init，不用于自定义',
      user_data_customization: '用户数据用于 cloud-init，不用于自定义',
      windows_cloud_init: 'cloud-init 用于 Linux；Windows 请使用自定义',
      windows_password_missing: 'Windows 虚拟机需要管理员密码（--password-stdin）',
      none_with_secrets: '--setup none 不向虚拟机下发任何内容，也包括密码、密钥和用户数据',
      cloud_init_on_windows: 'cloud-init 用于 Linux；Windows 请使用自定义',
      guestinfo_too_large: '要告知 cloud-init 的内容有 {{bytes, size}}，最多只能传递 {{max, size}}',
      customization_ssh_keys: '密钥用于 cloud-init，不用于自定义',
      customization_user_data: '用户数据用于 cloud-init，不用于自定义',
      customization_linux_password:
        'vCenter 只能在 Windows 上设置密码；在 Linux 上请给出密钥，或使用 cloud-init（--setup cloud_init）',
      customization_several_ipv4:
        '网卡 {{nic}} 会有 {{count}} 个 IPv4 地址；自定义只能给一个，cloud-init 可以给多个',
      customization_gateway_off_link:
        '网卡 {{nic}} 的网关 {{gateway}} 在 {{address}} 之外，自定义无法表达，cloud-init 可以',
      user_data_kind: '用户数据须以 #! 或 #cloud-config 开头，或为多部分消息',
      user_data_multipart: '用户数据的多部分消息不完整',
      user_data_characters: '用户数据含有文本中不允许的字符',
      user_data_too_large: '用户数据有 {{bytes, size}}，最多只能传递 {{max, size}}',
    },
  },
} as const;
