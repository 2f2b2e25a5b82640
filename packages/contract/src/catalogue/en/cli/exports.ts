/** What is said about exports, and about declarations that are taken over. */
export const exports = {
  export: {
    withoutAddress_one: 'One server without a known address was left out.',
    withoutAddress_other: '{{count}} servers without a known address were left out.',
    written: 'Written: {{path}}',
    exists: '{{path}} is there already',
    existsRemedy: 'name another place, or write over it: --force',
    unwritable: '{{path}} could not be written: {{cause}}',
    newerDocument: 'the document is of a newer controller than this program, and no tables can be made of it',
    noTables: '{{path}} holds no CSV files',
    unknownTable: '{{path}} is none of the tables of an export',
    tablesTaken: 'what is taken is a folder with some of these: {{files}}',
    documentTaken:
      'what is taken is a document that wirebook export declarations wrote, or a folder of its tables',
    notAnOrigin: 'the origin is declared or excluded, not "{{value}}"',
    noSuchNetwork: '{{file}} has no network "{{network}}" in the space "{{space}}"',
  },
  declared: {
    spaces: 'address spaces',
    accounts: 'accounts',
    wires: 'wires',
    networks: 'networks',
    reservations: 'reservations',
    sharedAddresses: 'shared addresses',
    holders: 'holders and holds',
    nicAddresses: 'addresses of NICs',
    keptConflicts: 'decided conflicts',
    effect: 'NIC records: {{settles}} created, {{ends}} ended; conflicts: {{conflicts}}',
  },
} as const;
