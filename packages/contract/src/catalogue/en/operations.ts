/** Operations: their steps, what they tell, why they fail; and why a host can't have a server. */
export const operations = {
  steps: {
    address: 'take the addresses',
    place: 'choose the host',
    clone: 'clone',
    configure: 'configure the hardware and bind the NICs',
    record: 'record the server and its NICs',
    customize: 'hand the guest its settings',
    power_on: 'power on',
    watch: 'wait for the guest to show its address',
    clean: 'remove what the guest no longer needs',
    power_off: 'power off',
    destroy: 'delete the server in vCenter',
    release: 'give the addresses back',
    attach: 'attach the NIC',
    detach: 'detach the NIC',
    change: 'bind the NIC anew',
    restart: 'restart the guest',
  },
  /** What happened, what a step came to, what to look at, what is left. */
  lines: {
    address_taken: 'Taken: {{ips}}.',
    not_watched:
      'The guest could not be watched any longer ({{reason}}). The server is there and has its addresses; see how it is: wirebook server show {{quoted}}',
    placed: 'On the host {{host}}, datastore {{datastore}}.',
    placed_by_drs: 'DRS of the cluster {{cluster}} chose the host {{host}}.',
    cloning: 'Cloning {{source}} on {{host}}.',
    adopted: 'Found again in vCenter as {{moref}}: what was begun is gone on with.',
    cloned: 'Cloned from {{source}}.',
    configured: '{{cpus}} CPUs, {{memory}} MiB of memory; MAC {{macs}}.',
    bound: '{{label}} ({{mac}}) is on {{wire}}.',
    recorded: 'The server and its NICs are recorded.',
    customizing: 'vCenter will customize the guest as {{hostName}} when it is powered on.',
    guestinfo_written: 'The settings for cloud-init are in guestinfo.',
    watching: 'Waiting up to {{seconds}} s for VMware Tools to show {{ip}}.',
    address_seen: 'VMware Tools show {{ip}}.',
    other_address_seen:
      'VMware Tools show {{seen}} instead of {{ip}} after {{seconds}} s. Look into the guest: its own configuration may have overruled what it was given. wirebook server show {{quoted}}',
    no_address_seen:
      'VMware Tools have not shown {{ip}} within {{seconds}} s ({{tools, tools}}). The address stays with the server; look at its console, and see later: wirebook server show {{quoted}}',
    not_powered_on: 'The server is not powered on, as asked for; it gets its address when it is.',
    userdata_removed: 'User data and keys are removed from guestinfo.',
    retrying: 'vCenter could not be asked ({{fault}}); trying again.',
    destroyed: '{{name}} is deleted in vCenter.',
    released: 'Given back: {{ips}}.',
    server_left: 'The server {{name}} ({{moref}}) is still in vCenter.',
    addresses_left: 'Still taken: {{ips}}.',
    guest_not_told:
      'The guest does not know of {{ip}} yet: nothing in it takes up the change while it runs. Configure it by hand in the guest, or let it be restarted (--restart) where cloud-init or customization can.',
    restarting: 'Restarting the guest, so that it takes up its new settings.',
    rebound: '{{label}} ({{mac}}) is on {{wire}} now.',
    powered_off: 'Powered off.',
    detached: '{{label}} ({{mac}}) is detached.',
    no_gateway: '{{network}} has no gateway: the guest gets no default route from it.',
    no_dns: '{{network}} has no DNS servers: the guest gets none from it.',
    cloud_init_assumed:
      'Whether {{source}} has cloud-init can not be seen from outside: without it the guest stays as it is.',
    drs_silent: 'DRS could not be asked ({{fault}}): {{message}} Wirebook has chosen.',
    former_address_kept:
      'The guest may still use {{ips}}: nobody else gets it. Once the guest has left it: wirebook network release NETWORK {{ips}}',
    nic_left: '{{label}} ({{mac}}) is still attached.',
    nic_perhaps_left: 'There may be a new NIC on {{wire}}: look at the server in vCenter.',
    nic_moved_left: '{{label}} ({{mac}}) is perhaps on {{wire}} already.',
    nic_detached_left: '{{label}} ({{mac}}) is perhaps detached already.',
    mac_changed:
      '{{label}} is attached again, and vCenter gave it another MAC: {{mac}} instead of {{former}}.',
    guest_told_left: 'The guest may come up with {{ip}}.',
    powered_off_left: 'The server is perhaps powered off.',
    server_perhaps_left: 'Whether vCenter has deleted {{name}} is not known.',
    userdata_stays:
      'User data and keys are still in guestinfo, where whoever may look at the server in vCenter can read them: the guest has not shown yet that it took them up. Once it has, remove guestinfo.userdata in vCenter.',
    customization_ntp: 'Customization tells the guest no time servers.',
    customization_asks_dhcp: 'NIC {{nic}} has no IPv4 address: customization has it ask a DHCP server.',
  },
  /** Why an operation failed, and what to do. */
  failures: {
    parts_failed: {
      text: '{{count}} of {{total}} servers were not made.',
      remedy: 'See why, one by one: wirebook operation list --parent {{operation}}',
    },
    internal: {
      text: 'It met a fault in Wirebook itself, which stands in the log of the controller.',
      remedy:
        "Report it with the lines of the controller's log that carry the id {{operation}}; then ask again.",
    },
    unreachable: {
      text: '{{url}} could not be reached for too long: {{cause}}.',
      remedy:
        'Check the account (wirebook account test NAME). If something is left, take it back when vCenter answers again: wirebook operation cancel {{operation}}',
    },
    host_gone: {
      text: 'The host that was chosen has gone out of use meanwhile ({{fault}}): {{message}}',
      remedy: 'Ask again: another host is chosen. See which could: add --dry-run.',
    },
    clone_failed: {
      text: 'vCenter could not clone ({{fault}}): {{message}}',
      remedy:
        'Mend what vCenter says and ask again. The task stands among the recent tasks of the template in vCenter.',
    },
    configure_failed: {
      text: 'vCenter could not configure the server ({{fault}}): {{message}}',
      remedy: 'Mend what vCenter says, or ask for other CPUs, memory or disk size.',
    },
    name_taken_in_vcenter: {
      text: 'vCenter has something named {{name}} in the folder already.',
      remedy: 'Choose another name or another folder (--folder).',
    },
    wrong_backing: {
      text: '{{label}} was to be on {{wanted}}; read back, it is on {{found}}.',
      remedy: 'Sync the account, so that Wirebook knows its port groups as they are, and ask again.',
    },
    nic_missing: {
      text: 'Read back, the server has {{found}} NICs instead of {{wanted}}.',
      remedy: 'Look at the NICs of the template, and ask again.',
    },
    customization_failed: {
      text: 'The guest could not be customized ({{event}}): {{message}}',
      remedy:
        '{{event, customization}} To look into the guest, ask again with --keep-on-failure. On Linux its log is /var/log/vmware-imc/toolsDeployPkg.log, on Windows C:\\Windows\\Temp\\vmware-imc.',
    },
    customization_refused: {
      text: 'vCenter refused the customization ({{fault}}): {{message}}',
      remedy:
        'The template needs VMware Tools and a guest system that vCenter can customize; on Linux also perl and, for current systems, no cloud-init that is in its way. Or use cloud-init: --setup cloud_init',
    },
    power_on_failed: {
      text: 'vCenter could not power the server on ({{fault}}): {{message}}',
      remedy: 'Mend what vCenter says and ask again; or make it without powering it on: --no-power-on',
    },
    no_room: {
      text: 'There was no room to power the server on ({{fault}}): {{message}}',
      remedy:
        'Admission control or a reservation of the pool is in the way: ask for less memory, another cluster or another pool (--pool), and see with --dry-run.',
    },
    task_failed: {
      text: 'vCenter could not do what it was asked for ({{fault}}): {{message}}',
      remedy: 'Mend what vCenter says and ask again.',
    },
    privileges_missing: {
      text: 'The account lacks the privilege {{privilege}} on {{object}}.',
      remedy: 'Grant it there. All that making servers takes: wirebook account privileges',
    },
    login_refused: {
      text: 'vCenter refuses the sign-in of the account.',
      remedy: 'Give the account its password: wirebook account update NAME --password-stdin',
    },
    server_gone: {
      text: 'The server {{server}} is no longer in vCenter.',
      remedy: 'Somebody deleted or unregistered it meanwhile. Sync the account, and ask again if need be.',
    },
    host_changed: {
      text: 'The server has moved to another host meanwhile, and {{wire}} is not there as it is on the former one.',
      remedy: 'Sync the account, and ask again: what the host has is looked up anew.',
    },
    server_moved: {
      text: 'The server {{server}} has another reference in vCenter by now: it was unregistered and registered again.',
      remedy: 'Sync the account, so that Wirebook knows it again, and ask anew.',
    },
    server_changed: {
      text: 'The server {{server}} was changed by somebody else meanwhile.',
      remedy: 'Look at it (wirebook server show {{quoted}}), and ask again.',
    },
    source_gone: {
      text: '{{source}} is no longer in vCenter.',
      remedy: 'Choose another template: wirebook server list --template',
    },
    no_snapshot: {
      text: '{{source}} has no snapshot to make a linked clone of.',
      remedy: 'Take a snapshot of it, or leave out --linked.',
    },
    addresses_lost: {
      text: 'Addresses that it had taken were given to others meanwhile: {{ips}}.',
      remedy: 'Ask again: other addresses are taken.',
    },
    not_undone: {
      text: 'Not everything could be taken back ({{fault}}).',
      remedy: 'Mend what is in the way, then try once more: wirebook operation cancel {{operation}}',
    },
    account_gone: {
      text: 'The account was removed meanwhile.',
      remedy: 'What is left in its vCenter has to be removed there.',
    },
    clone_lost: {
      text: 'vCenter says that {{name}} is cloned, and does not have it.',
      remedy: 'Look at the recent tasks in vCenter, and ask again.',
    },
    unmarked_left: {
      text: '{{name}} ({{moref}}) may be what this operation made, but does not carry its mark.',
      remedy:
        'Look at it in vCenter. If it is a remnant, delete it there; then: wirebook operation cancel {{operation}}',
    },
    no_host_left: {
      text: 'When it came to it, no host could take the server. {{hosts}}: {{why}}',
      remedy: 'See for every host why not: ask again with --dry-run.',
    },
    place_gone: {
      text: 'A place that was asked for (cluster, pool, folder or datastore) is no longer in vCenter.',
      remedy: 'Ask again, with places that exist.',
    },
    disk_too_small: {
      text: 'A disk of {{asked}} GiB was asked for; that of the source has {{has}} GiB, and can only grow.',
      remedy: 'Ask for at least {{has}} GiB (--disk), or leave it out.',
    },
    no_mac: {
      text: 'vCenter gave {{label}} no MAC.',
      remedy: 'Look at the NIC in vCenter, and ask again.',
    },
    card_unknown: {
      text: 'The NIC is of a kind that Wirebook does not know: {{model}}.',
      remedy: 'Change it in vCenter.',
    },
    nic_gone: {
      text: 'The server no longer has the NIC {{label}}.',
      remedy: 'Sync the account, and look at what it has: wirebook server show {{quoted}}',
    },
    setup_impossible: {
      text: 'The guest can not be set up so: {{why, setup}}.',
      remedy: 'Choose another way (--setup), or change what is said.',
    },
    guest_told: {
      text: 'The guest was told of its new address, and nobody can tell it otherwise any more.',
      remedy:
        'See which address it shows (wirebook server show {{quoted}}), and configure it by hand where it is the wrong one.',
    },
    server_running: {
      text: 'The server was powered on meanwhile.',
      remedy: 'Have it powered off: wirebook server delete {{quoted}} --power-off',
    },
    power_off_failed: {
      text: 'vCenter could not power the server off ({{fault}}): {{message}}',
      remedy: 'Mend what vCenter says, or power it off there, and ask again.',
    },
    destroyed_for_good: {
      text: 'The server is deleted in vCenter: that can not be taken back. Its addresses are given back.',
      remedy: 'Nothing is left to be done. Where it is needed, make it anew or restore it from a backup.',
    },
    server_unreadable: {
      text: 'vCenter can not read the configuration of the server at this moment.',
      remedy: 'Look at its state in vCenter (disconnected, inaccessible, orphaned), and ask again.',
    },
    destroy_failed: {
      text: 'vCenter could not delete the server ({{fault}}): {{message}}',
      remedy: 'Mend what vCenter says and ask again.',
    },
  },
  /** Why a host can't have a server. */
  hosts: {
    other_host: 'Another host is asked for: {{host}}.',
    other_cluster: 'Not in the cluster {{cluster}}.',
    other_pool: 'The resource pool {{pool}} lies in {{cluster}}.',
    other_datacenter: 'Not in the datacenter {{datacenter}} ({{because, because}}).',
    unknown_host: 'Not synced yet, so that its wires are not known.',
    not_connected: 'Not connected to vCenter ({{state, hostState}}).',
    powered_off: 'Powered off.',
    standby: 'In standby.',
    maintenance: 'In maintenance mode.',
    no_pool: 'It has no resource pool that this account sees.',
    no_folder: 'Its datacenter has no folder that this account sees.',
    source_unreachable: 'The source is on {{host}}, which does not answer ({{state, hostState}}).',
    too_many_nics: 'A server has at most {{atMost}} NICs; {{asked}} are asked for.',
    no_wire_in_account: 'NIC {{nic}}: no wire of {{network}} is in this account.',
    no_common_wire: 'NIC {{nic}}: no wire is common to {{networks}}.',
    no_wire: 'NIC {{nic}}: it has no wire of {{network}} (those are {{wires}}).',
    wire_absent: 'NIC {{nic}}: it does not have the wire {{wire}}.',
    only_trunk: 'NIC {{nic}}: its {{wire}} is a trunk of several VLANs.',
    vlan_differs: 'NIC {{nic}}: its {{wire}} has the VLAN {{hostVlan}}, not {{wireVlan}} as elsewhere.',
    wire_missing: 'NIC {{nic}}: vCenter no longer shows {{wire}}.',
    wire_purpose: 'NIC {{nic}}: {{wire}} is for {{purpose, purpose}}.',
    wire_ambiguous: 'NIC {{nic}}: it has several port groups named {{wire}}.',
    wire_unbindable: 'NIC {{nic}}: how to bind to {{wire}} is not known yet; sync the account.',
    datastore_not_seen: 'It does not have the datastore {{datastore}}.',
    datastore_unreachable: 'It can not reach the datastore {{datastore}}.',
    datastore_read_only: 'It can only read the datastore {{datastore}}.',
    datastore_maintenance: 'The datastore {{datastore}} is in maintenance mode.',
    datastore_full: 'On {{datastore}} {{free, size}} are free; {{needed, size}} are needed.',
    no_datastore: 'It has no datastore that could be written to.',
    cpu_count: '{{asked}} CPUs are asked for; it has {{threads}} threads.',
    cpu_short: '{{free}} MHz are free; {{needed}} MHz are needed.',
    memory_short: '{{free, size}} of memory are free; {{needed, size}} are needed.',
  },
  privileges: {
    objects: {
      root: 'the vCenter itself, with "Propagate to children"',
      template: 'the templates to clone, or their folder',
      folder: 'the folders that servers are made in',
      pool: 'the resource pools, clusters or hosts that servers run in',
      datastore: 'the datastores that servers lie on',
      network: 'the port groups that NICs are bound to, or their switch or folder',
      server: 'the servers to change, or their folder',
    },
    purposes: {
      read: 'reading everything',
      create: 'making servers',
      change: 'changing NICs and addresses',
      delete: 'deleting servers',
    },
    and: ', ',
  },
  /** What single values of a sentence are called, by the kind of value. */
  words: {
    hostState: {
      connected: 'connected',
      disconnected: 'disconnected',
      notResponding: 'not responding',
    },
    because: {
      asked: 'asked for',
      folder: 'where the folder is',
      linked: 'where the source of the linked clone is',
    },
    purpose: { vm: 'servers', vmkernel: 'the host itself (vmkernel)', uplink: 'uplinks' },
    /** What VMware Tools do, as Wirebook keeps it and as vCenter says it. */
    tools: {
      running: 'they run',
      not_running: 'they do not run',
      not_installed: 'they are not installed',
      unknown: 'what they do is not known',
      guestToolsRunning: 'they run',
      guestToolsNotRunning: 'they do not run',
      guestToolsExecutingScripts: 'they are just starting',
    },
    /** What to do, by the event that vCenter tells of. */
    customization: {
      CustomizationLinuxIdentityFailed:
        'Host name or time zone could not be set: the distribution may not be one that vCenter can customize.',
      CustomizationNetworkSetupFailed:
        'The network could not be set up: look at what in the guest manages it (netplan, NetworkManager, ifcfg).',
      CustomizationSysprepFailed:
        'Sysprep failed: it may have run too often on this template, or an application in it refuses it.',
      CustomizationUnknownFailure: 'The guest does not say why.',
      TOOLSDEPLOYPKG_FAILED: 'VMware Tools in the guest tell of the failure and not of why.',
      CustomizationFailed: 'VMware Tools in the template have to be installed and current.',
      other: 'VMware Tools in the template have to be installed and current.',
    },
    /** What a place in vCenter is. */
    place: {
      host: 'host',
      cluster: 'cluster',
      datacenter: 'datacenter',
      datastore: 'datastore',
      resourcePool: 'resource pool',
      folder: 'folder',
    },
    /** Why a server can't be changed or deleted. */
    unchangeable: {
      template: 'it is a template',
      managed: 'a product manages it (vSphere cluster services, replication, ...)',
      missing: 'vCenter no longer shows it',
      moved: 'it was unregistered in vCenter and registered again since the last sync',
      unreadable: 'vCenter can not read its configuration',
      nics: 'it has as many NICs as a server can have',
      suspended: 'it is suspended',
    },
    /** What to do where a server can't be changed. */
    unchangeableRemedy: {
      moved: 'Sync its account first (wirebook account sync NAME), and ask again.',
      other: 'Change it where it is managed: in vCenter, or in the product that it belongs to.',
    },
    /** Why something can't be cloned. */
    uncloneable: {
      managed: 'a product manages it (vSphere cluster services, replication, ...)',
      missing: 'vCenter no longer shows it',
      unreadable: 'vCenter can not read its configuration',
      esxi: 'it is on an ESXi host without vCenter, which can not clone',
      no_snapshot: 'a linked clone needs a snapshot, and it has none',
      no_disk: 'it has no disk whose size could be set',
      linked_disk: 'the disk of a linked clone can not be made larger',
      raw_disk: "its disk is a raw device, whose size is not vCenter's",
    },
    /** Why the guest can't be set up as asked. */
    setup: {
      password_linux:
        'vCenter can set a password only on Windows; on Linux give keys or use cloud-init (--setup cloud_init)',
      keys_customization: 'keys and user data are for cloud-init, not for customization',
      user_data_customization: 'user data is for cloud-init, not for customization',
      windows_cloud_init: 'cloud-init is for Linux; on Windows use customization',
      windows_password_missing: 'a Windows guest needs a password for its administrator (--password-stdin)',
      none_with_secrets: 'with --setup none the guest is told nothing, also no password, keys or user data',
      cloud_init_on_windows: 'cloud-init is for Linux; on Windows use customization',
      guestinfo_too_large:
        'what cloud-init has to be told takes {{bytes, size}}, and at most {{max, size}} get through',
      customization_ssh_keys: 'keys are for cloud-init, not for customization',
      customization_user_data: 'user data is for cloud-init, not for customization',
      customization_linux_password:
        'vCenter can set a password only on Windows; on Linux give keys or use cloud-init (--setup cloud_init)',
      customization_several_ipv4:
        'NIC {{nic}} would have {{count}} IPv4 addresses; customization can give it one, cloud-init several',
      customization_gateway_off_link:
        'the gateway {{gateway}} of NIC {{nic}} lies outside {{address}}, which customization can not say; cloud-init can',
      user_data_kind: 'user data has to begin with #! or #cloud-config, or be a multi-part message',
      user_data_multipart: 'the multi-part message of the user data is not complete',
      user_data_characters: 'user data holds characters that no text has',
      user_data_too_large: 'the user data takes {{bytes, size}}, and at most {{max, size}} get through',
    },
  },
} as const;
