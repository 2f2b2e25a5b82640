/** 搜索框及其结果。 */
export const search = {
  label: '搜索全部',
  placeholder: '名称、IP、MAC、UUID，或一组地址（Ctrl+K）',
} as const;
