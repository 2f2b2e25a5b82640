/** What keeps an address from being given out; and what to do. */
export const obstacles = {
  used: {
    text: '{{ip}} belongs to {{object}} since {{since}}.',
    remedy: 'Look at what it has: wirebook why {{ip}}',
  },
  held: {
    text: '{{ip}} is held for {{object}} since {{since}}.',
    text_unnamed: '{{ip}} is held since {{since}}.',
    remedy: 'If it is no longer needed: wirebook network release {{networkQuoted}} {{ip}}',
  },
  reserved: {
    text: '{{ip}} is reserved ({{start}} to {{end}}): {{object}}.',
    text_unnamed: '{{ip}} is reserved ({{start}} to {{end}}).',
    remedy: 'Take the reservation away: wirebook reservation remove {{id}}',
  },
  dhcp: {
    text: '{{ip}} lies in a range that a DHCP server gives out ({{start}} to {{end}}): {{object}}.',
    text_unnamed: '{{ip}} lies in a range that a DHCP server gives out ({{start}} to {{end}}).',
    remedy: 'Choose one outside that range, or change the range: wirebook reservation list --ip {{ip}}',
  },
  gateway: {
    text: '{{ip}} is the gateway of the network "{{object}}".',
    remedy: 'Choose another address.',
  },
  network_address: {
    text: '{{ip}} is the network address of "{{object}}".',
    remedy: 'Choose another address.',
  },
  broadcast: {
    text: '{{ip}} is the broadcast address of "{{object}}".',
    remedy: 'Choose another address.',
  },
  dns: {
    text: '{{ip}} is a DNS server of the network "{{object}}".',
    remedy:
      'Choose another address, or record who has it: wirebook network claim {{networkQuoted}} KEY --ip {{ip}} --name NAME',
  },
  vmkernel: {
    text: '{{ip}} is a VMkernel address of the host {{object}}.',
    remedy: 'Choose another address.',
  },
  guest_gateway: {
    text: '{{object}} uses {{ip}} as its default gateway.',
    remedy: 'Choose another address; if that server is configured wrongly, mend it there and sync.',
  },
  guest_dns: {
    text: '{{object}} uses {{ip}} as its DNS server.',
    remedy: 'Choose another address; if that server is configured wrongly, mend it there and sync.',
  },
  resting: {
    text: '{{ip}} was let go of at {{since}} and rests until {{until}}.',
    remedy: 'Wait until then, or shorten the rest: wirebook network update {{networkQuoted}} --resting 0s',
  },
  seen: {
    text: '{{object}} reports {{ip}} ({{interface}}), though there is no record of it.',
    remedy: 'Find out why: wirebook why {{ip}}',
  },
  shared: {
    text: '{{ip}} is declared as an address that several NICs have on purpose.',
    remedy: 'Choose another address.',
  },
  not_given: {
    text: '{{ip}} is free, but "{{object}}" gives no addresses out of that part of its range.',
    remedy: 'Let it give: wirebook network update {{networkQuoted}} --give all',
  },
  no_network: {
    text: 'No network of the address space "{{object}}" holds {{ip}}.',
    remedy: 'Make the network it belongs to: wirebook network create NAME --wire WIRE --cidr {{cidr}}',
  },
} as const;
