/** 分组列出的内容，每组附处理办法。 */
export const groups = {
  group: {
    nics_other: '{{code}}：{{count}} 块网卡，{{title}}',
    findings_other: '{{code}}：{{count}} 处，{{title}}',
  },
  finding: { none: '没有发现异常。' },
  mend: {
    hint: '批量解决无需您决定的问题：wirebook nic mend',
    wires: '子网由此得到的二层网络：',
    ranges: '由此扩大的范围：',
    refused: '需要由您决定：',
    remaining: '此后网卡仍没有记录的原因：',
    settled_other: '{{count}} 块网卡由此有了记录。',
    conflicts_other: '{{count}} 个地址被两方占用：wirebook conflict list',
    awaiting_other: '{{count}} 块网卡的地址没有子网包含。查看建议：wirebook proposal list',
    nothing: '这里没有无需您决定就能解决的问题。',
    ask: '是否执行？[y/N] ',
    yes: 'y yes 是',
    declined: '没有任何改动',
  },
} as const;
