/** What a person may do about a reason, as a button or a line would say it. */
export const actions = {
  read_again: 'Read the account again, once that is done',
  fix_by_hand: 'Say which address it has, if you know it',
  see_proposals: 'See which networks are proposed',
  make_network: 'Make the network {{cidr}} on "{{wire}}"',
  widen: 'Widen the range of "{{network}}" to {{ip}}',
  add_wire: 'Add "{{wire}}" to the wires of "{{network}}"',
  exclude_wire: 'Leave "{{wire}}" out of "{{network}}" for good',
  own_space: 'See whether an address space of its own is proposed for "{{wire}}"',
  see_conflict: 'See who has it, and what the two report',
  keep: '{{holder}} keeps {{ip}}',
  give: '{{server}} gets {{ip}}',
  share: 'Both have {{ip}} on purpose',
} as const;
