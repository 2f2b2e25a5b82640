/** 登录。 */
export const signIn = {
  title: '登录 Wirebook',
  user: '用户名',
  password: '密码',
  noUser: '缺少用户名。',
  noPassword: '缺少密码。',
  enter: '登录',
  byLink: '正在用链接登录',
  noWayIn: '第一次使用，或没有密码？',
  firstTime: '控制器第一次启动时会打印一个链接，可让管理员“admin”登录一次。登录后请在“设置”中设置密码。',
  forgotten: '在运行控制器的机器上，下面的命令会生成新的链接：',
} as const;
