/** What mending many NICs at once leaves to a person. */
export const mending = {
  suggested: {
    text: 'This speaks against "{{wire}}" being a wire of "{{network}}": {{contradiction}}',
    remedy:
      'If it is one after all: wirebook network wires {{networkQuoted}} --add {{wireQuoted}} ; if not: wirebook network wires {{networkQuoted}} --exclude {{wireQuoted}}',
  },
  excluded: {
    text: '"{{wire}}" was excluded from "{{network}}" by a person.',
    remedy: 'To take it after all: wirebook network wires {{networkQuoted}} --add {{wireQuoted}}',
  },
  overlap: {
    text: 'The range of "{{network}}" can not grow over that of "{{other}}", {{start}} to {{end}}.',
    remedy:
      'See which of the two the addresses belong to, and change the range of the other first: wirebook network show {{otherQuoted}}',
  },
} as const;
