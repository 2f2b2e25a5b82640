/** 控制器没有可提供的页面时，浏览器显示的内容。 */
export const unbuilt = {
  title: '页面尚未构建',
  text: '此控制器启动时没有页面文件。请在 Wirebook 目录中运行“npm run page”构建，然后重新启动控制器；“npm start”会自动完成这两步。API 可以使用：',
} as const;
