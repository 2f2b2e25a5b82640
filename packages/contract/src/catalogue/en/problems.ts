/** Title, and where one sentence serves every case, detail and remedy of each problem. */
export const problems = {
  invalid_input: {
    title: 'Input refused',
    detail_one: 'One field of the request was refused.',
    detail_other: '{{count}} fields of the request were refused.',
    remedy: 'Mend the fields named and send the request again. Nothing was changed.',
  },
  malformed_request: {
    title: 'Request not readable',
    detail: 'The body of the request is not the JSON that this path takes: {{cause}}.',
    remedy: 'Send a JSON object with the header "Content-Type: application/json".',
  },
  unauthorized: {
    title: 'Not signed in',
    detail: 'The request carries no valid token and no session that still holds.',
    remedy:
      'Sign in on the page, or with: wirebook login. A program sends "Authorization: Bearer TOKEN"; on the controller\'s machine the token is in cli.json of the data folder.',
  },
  sign_in_refused: {
    title: 'Sign-in refused',
    detail: 'No user has this name with this password, or the link that was followed is not one.',
    remedy:
      "Type both again, or copy the whole link. An administrator makes a new link with: wirebook user link USER. On the controller's machine that always works.",
  },
  sign_in_link_used: {
    title: 'Link already used',
    detail: 'This sign-in link was used on {{at}}, and each works once.',
    remedy:
      "If it was not you, tell an administrator. A new link comes from: wirebook user link. On the controller's machine that always works.",
  },
  sign_in_link_expired: {
    title: 'Link expired',
    detail: 'This sign-in link was good until {{at}}.',
    remedy: "A new link comes from: wirebook user link. On the controller's machine that always works.",
  },
  forbidden: {
    title: 'Not allowed',
    detail: 'Your role, {{role}}, may not do this; it takes {{needed}}.',
    remedy: 'Ask an administrator.',
  },
  cross_site: {
    title: 'Not from this site',
    detail:
      'The request came from another site than the one that it was sent to, or does not say where from.',
    remedy:
      'Use the page at its own address (WIREBOOK_PUBLIC_URL names it where a proxy stands in front). A program uses a token, or sends the header "Origin" with the address of the controller.',
  },
  session_needed: {
    title: 'Takes a session',
    detail: 'This is done by whoever is signed in with a session; the request carries a token.',
    remedy: 'Sign in on the page and do it there. A token is revoked with: wirebook token revoke',
  },
  not_found: {
    title: 'Not found',
    detail: 'There is no {{kind}} with the name or id "{{name}}".',
    remedy: 'List what there is: wirebook {{command}} list',
  },
  ambiguous: {
    title: 'Name is not unique',
    detail: '{{count}} objects ({{kind}}) have the name "{{name}}".',
    remedy: 'Use the id of one of those listed; of an address, name its space: --space SPACE.',
  },
  name_taken: {
    title: 'Name taken',
    detail: 'Another {{kind}} has the name "{{name}}" already.',
    remedy: 'Choose another name, or change the one that exists.',
  },
  in_use: {
    title: 'Still in use',
    detail: '"{{name}}" can\'t be removed or changed: it is used by those listed.',
    remedy: 'Remove or move those first.',
  },
  account_busy: {
    title: 'Operations are under way',
    detail_one: 'An operation of the account "{{name}}" is under way: {{operation}}.',
    detail_other:
      '{{count}} operations of the account "{{name}}" are under way, the first of them {{operation}}.',
    remedy:
      'Wait for it (wirebook operation wait {{operation}}), or cancel it (wirebook operation cancel {{operation}}).',
  },
  overlap: {
    title: 'Range overlaps',
    detail:
      '{{start}} to {{end}} overlaps the network "{{other}}" ({{otherStart}} to {{otherEnd}}) in the address space "{{space}}".',
    remedy:
      'Choose a range outside it, or shrink "{{other}}" first. Sites that reuse a private range belong in address spaces of their own.',
  },
  account_exists: {
    title: 'Account exists',
    detail: 'This vCenter or ESXi ({{instanceUuid}}) is known already as "{{name}}".',
    remedy: 'Use that account; to reach it by another address: wirebook account update {{quoted}} --url URL',
  },
  not_running: {
    title: 'Not running',
    detail: 'This {{kind}} ended already ({{state}}).',
    remedy: 'There is nothing to cancel.',
  },
  claims_outside_range: {
    title: 'Addresses would fall outside',
    detail: 'The new range would exclude claimed addresses: {{ips}}.',
    remedy: 'Keep those inside the range, or release them first.',
  },
  reservations_outside_range: {
    title: 'Reservations would fall outside',
    detail: 'The new range would leave out reservations, wholly or in part: {{ranges}}.',
    remedy: 'Keep those inside the range, or change or remove them first: wirebook reservation list',
  },
  claims_in_the_way: {
    title: 'Network has manual or allocated addresses',
    detail: '"{{name}}" has addresses that people or programs asked for: {{ips}}.',
    remedy: 'Release those first. Addresses known from VMware Tools are no obstacle: they become unresolved.',
  },
  network_full: {
    title: 'Not enough free addresses',
    detail_one: '"{{name}}" can give {{free}} addresses at the moment; one was asked for. None was given.',
    detail_other:
      '"{{name}}" can give {{free}} addresses at the moment; {{count}} were asked for. None was given.',
    remedy:
      'See who has them: wirebook network addresses {{quoted}}; then release some, widen the range, or let it give from more of it (--give).',
  },
  gives_nothing: {
    title: 'Network gives no addresses',
    detail: '"{{name}}" gives out no addresses.',
    remedy: 'Set what it may give: wirebook network update {{quoted}} --give all',
  },
  address_not_free: {
    title: 'Address not free',
    detail: '{{why}}',
    remedy: '{{fix}}',
  },
  claim_has_other_address: {
    title: 'Key has another address',
    detail:
      'The key "{{key}}" has {{has}} in "{{network}}" already, not {{ip}}. The same key always gets the same address.',
    remedy:
      'Release it first (wirebook network claim {{quoted}} {{keyQuoted}} --release), or use another key.',
  },
  record_not_releasable: {
    title: 'Record comes from VMware Tools',
    detail:
      "{{ips}}: VMware Tools report that servers have these addresses, so they can't be given back by hand.",
    remedy: 'Change the address in the guest; the record ends by itself with the syncs that follow.',
  },
  reservation_overlap: {
    title: 'Reservation overlaps',
    detail: '{{start}} to {{end}} overlaps the reservation {{otherStart}} to {{otherEnd}} ({{note}}).',
    detail_unnamed: '{{start}} to {{end}} overlaps the reservation {{otherStart}} to {{otherEnd}}.',
    remedy: 'Change that one (wirebook reservation list), or reserve a range beside it.',
  },
  network_between: {
    title: 'Another network lies between',
    detail: 'Between "{{name}}" and "{{into}}" lie other networks: {{others}}.',
    remedy:
      'Merge those first, one after another: wirebook network merge {{otherQuoted}} --into {{intoQuoted}}',
  },
  keys_in_both: {
    title: 'Both have these keys',
    detail:
      '"{{name}}" and "{{into}}" both have a claim of these keys: {{keys}}. One network has one address for a key.',
    remedy: 'Release one of the two: wirebook network claim {{quoted}} {{keyQuoted}} --release',
  },
  wire_excluded: {
    title: 'Wire is excluded for the other network',
    detail: 'The wire "{{wire}}" is one of "{{using}}" and excluded for "{{excluding}}".',
    remedy:
      'Decide it for both. If it belongs to the whole: wirebook network wires {{excludingQuoted}} --add {{wireQuoted}}',
  },
  nics_not_moved: {
    title: 'Its NICs went to no other wire',
    detail:
      'No other wire has nearly all NICs with addresses of "{{name}}"; they are on: {{places}}. At least two of them, and nine of ten, would have to be on one.',
    detail_none: 'No NIC has or reports an address of "{{name}}", so nothing says where it should lie.',
    remedy: 'Name the wire: wirebook network move {{quoted}} --wire WIRE --dry-run',
  },
  conflict_over: {
    title: 'Conflict is over',
    detail: 'This conflict ended at {{at}}.',
    remedy: 'List those that last: wirebook conflict list',
  },
  no_host_fits: {
    title: 'No host fits',
    detail_one: 'The one host in question can not take it.',
    detail_other: 'None of the {{count}} hosts in question can take it.',
    remedy:
      'What keeps each of them stands above. Ask for less, for another network, or mend what is said; --dry-run shows it again.',
  },
  name_taken_in_vcenter: {
    title: 'Name taken in vCenter',
    detail: 'The folder {{folder}} has a server "{{name}}" already.',
    remedy: 'Choose another name or another folder (--folder).',
  },
  server_busy: {
    title: 'Server is being changed',
    detail: 'Another operation changes "{{server}}" at this moment: {{operation}}.',
    remedy: 'Wait for it: wirebook operation wait {{operation}}',
  },
  server_running: {
    title: 'Server is running',
    detail: '"{{server}}" is powered on.',
    remedy: 'Shut it down, or have it powered off: wirebook server delete {{quoted}} --power-off',
  },
  tag_unknown: {
    title: 'No network has this tag',
    detail: 'No network has the tag {{tag}}.',
    remedy:
      'See the tags: wirebook network list --fields name,tags. To set one: wirebook network update NAME --tag {{tag}}',
  },
  server_not_changeable: {
    title: 'Server can not be changed',
    detail: '"{{server}}" can not be changed: {{why, unchangeable}}.',
    remedy: '{{why, unchangeableRemedy}}',
  },
  source_unusable: {
    title: 'Can not be cloned',
    detail: '"{{name}}" can not be cloned: {{why, uncloneable}}.',
    remedy: 'Choose another template or server: wirebook server list --template',
  },
  setup_unfit: {
    title: 'Guest can not be set up so',
    detail: 'The guest can not be set up as asked: {{why, setup}}.',
    remedy: 'Change what is said, or choose the way: --setup customization, cloud_init or none.',
  },
  password_wrong: {
    title: 'Password is wrong',
    detail: 'The current password is not the one given. Nothing was changed.',
    remedy: 'Type the current password again.',
  },
  account_disabled: {
    title: 'Account is disabled',
    detail: 'The account "{{name}}" is disabled: nothing is changed there.',
    remedy: 'Enable it: wirebook account update {{quoted}} --enable',
  },
  address_outside_network: {
    title: 'Address outside the network',
    detail: '{{ip}} does not lie in the range of "{{name}}" ({{start}} to {{end}}).',
    remedy: 'Find the network that holds it: wirebook network list --ip {{ip}}',
  },
  reservation_outside_range: {
    title: 'Reservation outside the network',
    detail: '{{start}} to {{end}} does not lie in the range of "{{name}}" ({{rangeStart}} to {{rangeEnd}}).',
    remedy: 'Give addresses of that network.',
  },
  expires_in_the_past: {
    title: 'Expiry lies in the past',
    detail: '{{at}} is over already.',
    remedy: 'Give a time to come.',
  },
  not_shareable: {
    title: "Address can't be shared",
    detail: '{{ip}} has a holder outside vCenter or a hold without a NIC: {{holder}}.',
    remedy: 'Release that first, or keep the address with it.',
  },
  fixes_refused: {
    title: 'Fix refused',
    detail_one: "One address can't be fixed as asked; nothing was changed.",
    detail_other: "{{count}} addresses can't be fixed as asked; nothing was changed.",
    remedy: 'Mend what is listed and send the whole again.',
  },
  import_refused: {
    title: 'Import refused',
    detail_one: 'One row was refused; nothing was imported.',
    detail_other: '{{count}} rows were refused; nothing was imported.',
    remedy: 'Mend the lines named and import the file again.',
    remedy_unfit:
      'Mend the lines named and import the file again, or leave out those that fit no wire: --skip-unfit',
  },
  declarations_refused: {
    title: 'Import refused',
    detail_one: 'One declaration was refused; nothing was imported.',
    detail_other: '{{count}} declarations were refused; nothing was imported.',
    remedy: 'Mend what is listed and import the whole again.',
  },
  idempotency_key_reused: {
    title: 'Idempotency key used for another request',
    detail: 'The key was used for a request with other content.',
    remedy: 'Use a new key for a new request.',
  },
  request_in_progress: {
    title: 'Same request under way',
    detail: 'A request with this idempotency key has not ended yet.',
    remedy: 'Wait for it, then repeat.',
  },
  range_outside_prefix: {
    title: 'Range outside its prefix',
    detail: '{{start}} to {{end}} does not lie in {{cidr}}.',
    remedy: 'Give a start and an end inside one prefix, or another prefix length.',
  },
  gateway_outside_prefix: {
    title: 'Gateway outside the prefix',
    detail: 'The gateway {{gateway}} does not lie in {{cidr}}.',
    remedy: 'Give a gateway inside the prefix. For IPv6 a link-local gateway (fe80::/10) will do as well.',
  },
  giving_outside_range: {
    title: 'Giving lies outside the range',
    detail: '{{start}} to {{end}} does not lie in the range {{rangeStart}} to {{rangeEnd}}.',
    remedy:
      'New addresses can only be given from the range of the network. Say from which parts: --give all, none, or A-B.',
  },
  wire_takes_no_networks: {
    title: 'Wire takes no networks',
    detail: '"{{name}}" is {{purpose}}: no virtual machine is attached to it.',
    remedy: 'Choose the wire whose port group the servers are on: wirebook wire list',
  },
  wire_missing: {
    title: 'Wire is missing',
    detail: '"{{name}}" has not been found in vCenter since {{since}}.',
    remedy: 'Choose a wire that exists, or sync the account if the port group is back.',
  },
  primary_wire: {
    title: 'The primary wire',
    detail: '"{{wire}}" is the primary wire of "{{network}}" and can not be excluded from it.',
    remedy: 'Move the network to another wire first: wirebook network move {{quoted}} --wire WIRE',
  },
  other_space: {
    title: 'Another address space',
    detail:
      'The wire "{{wire}}" lies in the address space "{{wireSpace}}", the network "{{network}}" in "{{networkSpace}}".',
    remedy:
      'A network can only have wires of its own space: wirebook wire update {{quoted}} --space {{networkSpace}}',
  },
  companion_unfit: {
    title: 'Companion does not fit',
    detail:
      '"{{companion}}" can\'t be the companion: a companion has the other address family, the same wire, and no other companion.',
    remedy: 'Name an IPv{{family}} network of the same wire.',
  },
  cut_outside_range: {
    title: 'Nothing to cut there',
    detail: '{{at}} does not part the range of "{{name}}", {{start}} to {{end}}.',
    remedy:
      'Name the first address of the upper half: one of the range, but not its first. wirebook network show {{quoted}}',
  },
  merge_unfit: {
    title: 'Networks do not fit together',
    detail:
      '"{{name}}" (IPv{{family}}, address space "{{space}}") and "{{into}}" (IPv{{intoFamily}}, address space "{{intoSpace}}") can\'t be one network.',
    remedy:
      'Networks of one address space and one family can. An IPv4 and an IPv6 network can be companions: wirebook network update {{quoted}} --companion {{intoQuoted}}',
  },
  prefix_needed: {
    title: 'The prefix has to be said',
    detail:
      'Neither the prefix of "{{name}}" ({{cidr}}) nor that of "{{into}}" ({{intoCidr}}) holds both, and they are not the two halves of one.',
    detail_apart:
      'No prefix but the one of all addresses holds both "{{name}}" ({{cidr}}) and "{{into}}" ({{intoCidr}}).',
    remedy:
      'If they are to have one prefix: wirebook network merge {{quoted}} --into {{intoQuoted}} --prefix {{needed}}',
    remedy_apart: 'Leave them two networks.',
  },
  certificate_not_trusted: {
    title: 'Certificate not trusted yet',
    detail:
      'The server at {{url}} shows a certificate that no known authority vouches for: SHA-256 {{sha256}}, subject {{subject}}.',
    remedy:
      'Compare the fingerprint with the one the server shows on its own console; if they agree: --trust {{sha256}}',
  },
  certificate_changed: {
    title: 'Certificate is another one',
    detail: 'The server at {{url}} shows the certificate {{actual}}, but {{expected}} is trusted.',
    remedy:
      'If the certificate was renewed on purpose, trust the new one: wirebook account update NAME --trust {{actual}}. If not, somebody may be in between.',
  },
  login_refused: {
    title: 'Sign-in refused',
    detail: '{{url}} refused the user name or the password of "{{username}}".',
    remedy: 'Check both; a vCenter user name carries its domain, as in administrator@vsphere.local.',
  },
  privileges_missing: {
    title: 'Rights are missing',
    detail: '"{{username}}" lacks {{privilege}} on {{object}}.',
    remedy: 'Give it the role "Read-only" on the root folder, with "Propagate to children".',
  },
  unreachable: {
    title: 'Not reachable',
    detail: '{{url}} could not be reached: {{cause}}.',
    remedy: 'Check name, port and firewall from the machine that runs the controller.',
  },
  not_a_vcenter: {
    title: 'Not a vCenter or ESXi',
    detail: '{{url}} answers, but not as a vCenter or ESXi does: {{cause}}.',
    remedy: "Give the address of the vCenter's SDK, as in https://vc.example/sdk",
  },
  other_vcenter: {
    title: 'Another vCenter',
    detail:
      '{{url}} leads to another vCenter or ESXi ({{actual}}) than the one this account was added for ({{expected}}).',
    remedy:
      'Check the address. If the other one is meant, add it as an account of its own: its objects are not those known here.',
  },
  reply_unusable: {
    title: 'Reply not usable',
    detail: '{{url}} sent a reply that could not be used: {{cause}}.',
    remedy: 'The last good state stays as it was. Try again; if it repeats, look for a proxy in between.',
  },
  payload_too_large: {
    title: 'Request too large',
    detail: 'The body of the request is larger than this path takes.',
    remedy: 'Send it in parts.',
  },
  unsupported_media_type: {
    title: 'Not JSON',
    detail: 'The body of the request is of a kind that this path does not take.',
    remedy: 'Send JSON with the header "Content-Type: application/json".',
  },
  too_many_requests: {
    title: 'Too many requests',
    detail: 'Too many requests came from here in a short time.',
    remedy: 'Wait a little and try again.',
  },
  sign_in_throttled: {
    title: 'Too many wrong attempts',
    detail:
      'After so many wrong attempts from your address, the next is taken on {{at}}, in {{seconds}} seconds.',
    remedy:
      'Wait until then; what is sent before is not looked at, right or wrong. Other addresses are not held up.',
  },
  simulated_vcenter_unavailable: {
    title: 'No simulated vCenter here',
    detail: '{{why}}',
    remedy: 'Add a vCenter of your own, or run Wirebook from a clone on a machine with Go.',
  },
  simulated_vcenter_failed: {
    title: 'Simulated vCenter not started',
    detail: "The simulated vCenter did not start; the controller's log says why.",
    remedy: 'Try again. If it repeats, see what the log says.',
  },
  database_unavailable: {
    title: 'Database not reachable',
    detail: 'The database does not answer at the moment.',
    remedy: 'Try again shortly; GET /readyz says when it is back.',
  },
  internal: {
    title: 'Fault in Wirebook',
    detail: 'The request met a fault in Wirebook itself. It was logged under the id {{requestId}}.',
    remedy: "Report it with that id and the lines of the controller's log that carry it.",
  },
} as const;
