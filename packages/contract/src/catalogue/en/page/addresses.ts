/** Taken addresses over all networks. */
export const addresses = {
  about: 'Every address that somebody has, in all networks.',
  search: 'Address, server, MAC, holder or key',
  allSources: 'From any source',
  by: { server: 'Server', mac: 'MAC', ip: 'Address', key: 'Key' },
  noneFits: 'No taken address fits.',
  showAll: 'Show all taken addresses',
  noneYet: 'No address is taken yet.',
  noneYetWhy: 'NICs get records as soon as there are networks that hold their addresses.',
} as const;
