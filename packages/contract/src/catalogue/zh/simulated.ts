/** 用于试用的模拟 vCenter。 */
export const simulated = {
  why: {
    not_shipped: '此安装不带模拟 vCenter：它随代码仓库提供，镜像中没有。',
    no_go: '模拟 vCenter 需要 Go 1.25 或更高版本，但没有找到：https://go.dev/dl/',
    old_go: '模拟 vCenter 需要 Go 1.25 或更高版本，现有的 Go 版本过低：https://go.dev/dl/',
    failed: '模拟 vCenter 未能启动，原因见控制器日志。',
  },
  progress: {
    building: '正在构建模拟 vCenter：约需一分钟，仅第一次需要。',
    starting: '正在启动模拟 vCenter。',
  },
  note: '一个虚构的环境，包含两个站点。它与控制器一起在本机运行：其中的任何更改在控制器停止后都会丢失，再次启动时恢复为最初的样子。',
} as const;
