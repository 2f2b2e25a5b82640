/** The search box, and what it finds. */
export const search = {
  label: 'Search everything',
  placeholder: 'Name, IP, MAC, UUID, or a list of addresses (Ctrl+K)',
} as const;
