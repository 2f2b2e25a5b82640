// Plain JavaScript that any Node from 20 on can read: the program itself is TypeScript and needs Node 24.
import { spawn } from 'node:child_process';
import nodeModule, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Runs a module of `src`, in this process if its Node can, else in one with the Node that Wirebook brings along. */
export async function launch(bin, module) {
  if (Number(process.versions.node.split('.')[0]) >= 24) {
    // Compiled once, not at every command. Where there is no place to keep it, nothing is lost.
    nodeModule.enableCompileCache?.();
    await import(new URL(module, bin));
    return;
  }
  const node = join(dirname(createRequire(bin).resolve('node/package.json')), 'bin', 'node');
  const child = spawn(node, [new URL(bin).pathname, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches the child as well, which decides what it means.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
