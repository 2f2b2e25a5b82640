// The browser that the tests of the page, the screenshots and the benchmark of the page drive.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Refusal } from './house.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome'];
/** Fonts that have Chinese; without one of them Chinese is drawn as boxes. */
const chineseFont = ':lang=zh-cn';
const debianFont = '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc';

/** The path of the Chromium on this machine: the one that WIREBOOK_CHROMIUM names, or one in PATH. */
export function findChromium() {
  const given = process.env.WIREBOOK_CHROMIUM;
  if (given !== undefined && given !== '') {
    if (isProgram(given)) return given;
    throw new Refusal(`WIREBOOK_CHROMIUM: ${given} is not a program.`);
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

/** Makes sure of a Chromium and of a font with Chinese: installs them on Debian, as root, and otherwise says what to install. */
export function ensureChromium() {
  const missing = [
    ...(findChromium() === undefined ? ['chromium'] : []),
    ...(hasChineseFont() ? [] : ['fonts-noto-cjk']),
  ];
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    throw new Refusal(
      `The tests of the page need ${missing.join(' and ')}: install ${missing.length === 1 ? 'it' : 'them'} ` +
        `(Debian, Ubuntu: sudo apt-get install ${missing.join(' ')}). A Chromium or Chrome that lies elsewhere is named by WIREBOOK_CHROMIUM.`,
    );
  }
  process.stderr.write(`Installing ${missing.join(' and ')} (apt-get)\n`);
  runApt(['update', '-q']);
  runApt(['install', '-q', '-y', '--no-install-recommends', ...missing]);
  if (findChromium() === undefined) throw new Refusal('chromium was installed and is not in PATH.');
}

function runApt(args) {
  const { status, stdout, stderr, error } = spawnSync('apt-get', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (error !== undefined) throw new Refusal(`apt-get could not be run: ${error.message}`);
  if (status !== 0) throw new Refusal(`apt-get ${args.join(' ')} failed:\n${stdout}${stderr}`);
}

function hasChineseFont() {
  const { stdout, error } = spawnSync('fc-list', [chineseFont, 'family'], { encoding: 'utf8' });
  // Where nothing lists fonts: macOS and Windows have such a font, and Debian's lies in this place.
  if (error !== undefined) return process.platform !== 'linux' || existsSync(debianFont);
  return stdout.trim() !== '';
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
