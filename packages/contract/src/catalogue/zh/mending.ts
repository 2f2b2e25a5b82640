/** 批量修复时需要由人决定的事项。 */
export const mending = {
  suggested: {
    text: '有理由认为“{{wire}}”不是“{{network}}”的二层网络：{{contradiction}}',
    remedy:
      '如果确实是：wirebook network wires {{networkQuoted}} --add {{wireQuoted}} ；如果不是：wirebook network wires {{networkQuoted}} --exclude {{wireQuoted}}',
  },
  excluded: {
    text: '“{{wire}}”已由人工从“{{network}}”中排除。',
    remedy: '如果仍要加入：wirebook network wires {{networkQuoted}} --add {{wireQuoted}}',
  },
  overlap: {
    text: '“{{network}}”的范围不能越过“{{other}}”的范围（{{start}} 至 {{end}}）。',
    remedy: '请查明这些地址属于哪一个子网，并先修改另一个的范围：wirebook network show {{otherQuoted}}',
  },
} as const;
