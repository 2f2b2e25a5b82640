/** Address spaces: where the same addresses may be used once more. */
export const spaces = {
  about:
    'A space is one routing domain: within it an address belongs to one holder. Sites that reuse private ranges get a space each.',
  search: 'Search by name',
  name: 'Name',
  made: 'Made',
  actions: 'Actions',
  networksOf_one: '{{count}} network in "{{name}}"',
  networksOf_other: '{{count}} networks in "{{name}}"',
  wiresOf_one: '{{count}} wire in "{{name}}"',
  wiresOf_other: '{{count}} wires in "{{name}}"',
  create: 'New address space',
  createNamed: 'Make the space "{{name}}"',
  createWhat:
    'It is empty at first. An account gets its space when it is added; a wire can be moved into another one on its page.',
  isMade: 'The space "{{name}}" is made.',
  rename: 'Rename',
  renameTitle: 'Rename "{{name}}"',
  renameWhat:
    'Only the name changes; whatever lies in the space stays. Scripts that name it need the new name.',
  renameTo: 'Rename to "{{name}}"',
  renamed: '"{{before}}" is called "{{name}}" now.',
  nameMissing: 'The name is missing.',
  sameName: 'That is its name already.',
  removeTitle: 'Remove "{{name}}"',
  removeEffect: 'Nothing lies in it. It is refused if an account is still put there.',
  removed: 'The space "{{name}}" is removed.',
  notEmpty:
    'It isn’t empty: {{networks}} networks and {{wires}} wires lie in it. Remove or move those first.',
  defaultStays: 'This one stays: new accounts are put there.',
  noneFits: 'No space has such a name',
  showAll: 'Show all spaces',
} as const;
