import { parseArgs } from 'node:util';
import { type Config, ConfigError, readConfig } from '../src/config.ts';

/** What the demo can be told, by flags alone: the settings of a controller that is in use are none of its business. */
export interface DemoSettings {
  /** End after the last step. */
  readonly once: boolean;
  readonly listen: string;
  /** Null: a folder made for this run and removed after it. */
  readonly data: string | null;
}

/** Reads the flags. Throws `ConfigError` for one that isn't known. */
export function readDemoSettings(args: readonly string[]): DemoSettings {
  const { once, listen, data } = readFlags(args);
  return {
    once: once ?? false,
    listen: listen ?? (once === true ? '127.0.0.1:0' : '127.0.0.1:8787'),
    data: data ?? (once === true ? null : '.wirebook-demo'),
  };
}

/** The controller's settings. Throws `ConfigError` for one that can't be taken. */
export function controllerConfig(settings: DemoSettings, about: { data: string; cwd: string }): Config {
  const args = ['--listen', settings.listen, '--data', about.data, '--log', 'error'];
  return readConfig({ args, env: {}, cwd: about.cwd });
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { once: { type: 'boolean' }, listen: { type: 'string' }, data: { type: 'string' } },
    }).values;
  } catch (error) {
    const wrong = error instanceof Error ? error.message : 'flags';
    throw new ConfigError(wrong, 'flags of the demo are --once, --listen, --data');
  }
}
