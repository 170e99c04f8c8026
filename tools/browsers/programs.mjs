import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from '../install-packages.mjs';

const onLinuxOnly = 'WebKit is tested as WebKitGTK, which runs on Linux';

/** What browsers are started with, by name: where it is, the Debian package that has it, and what to do elsewhere. */
const programs = {
  firefox: {
    places: [
      '/usr/bin/firefox-esr',
      '/usr/bin/firefox',
      '/snap/bin/firefox',
      '/Applications/Firefox.app/Contents/MacOS/firefox',
      `${process.env.PROGRAMFILES}\\Mozilla Firefox\\firefox.exe`,
    ],
    debian: 'firefox-esr',
    advice: 'Install Firefox (https://www.mozilla.org/firefox/)',
  },
  vulkan: {
    // Elsewhere Firefox needs no driver of its own for WebGPU.
    places: process.platform === 'linux' ? ['/usr/share/vulkan/icd.d'] : [process.execPath],
    debian: 'mesa-vulkan-drivers',
    advice: 'Install a Vulkan driver, such as that of Mesa',
  },
  webkitwebdriver: {
    places: ['/usr/bin/WebKitWebDriver'],
    debian: 'webkit2gtk-driver',
    advice: onLinuxOnly,
  },
  minibrowser: {
    places: ['/usr/lib/*/webkit2gtk-4.1/MiniBrowser', '/usr/libexec/webkit2gtk-4.1/MiniBrowser'],
    debian: 'libwebkit2gtk-4.1-0',
    advice: onLinuxOnly,
  },
  xvfb: { places: ['/usr/bin/Xvfb'], debian: 'xvfb', advice: onLinuxOnly },
};

/**
 * Paths by name. What is missing is installed, on Debian as root. Throws where that does not help; the message says what to do.
 *
 * @param names - Of `programs`. For each the environment variable `<NAME>_PATH` goes first.
 */
export function ensurePrograms(names) {
  const missing = names.filter((name) => !find(name));
  if (missing.length > 0) installPackages(...missing.map((name) => programs[name].debian));
  const lost = missing.filter((name) => !find(name));
  if (lost.length > 0) throw new Error(explain(lost));
  return Object.fromEntries(names.map((name) => [name, find(name)]));
}

function find(name) {
  const named = process.env[variableOf(name)];
  if (!named) return programs[name].places.flatMap(expand).find((path) => existsSync(path));
  if (existsSync(named)) return named;
  throw new Error(`${variableOf(name)} names ${named}, which does not exist.`);
}

function variableOf(name) {
  return `${name.toUpperCase()}_PATH`;
}

/** `*` stands for any folder. */
function expand(path) {
  const [parent, rest] = path.split('/*/');
  if (!rest) return [path];
  return existsSync(parent) ? readdirSync(parent).map((name) => join(parent, name, rest)) : [];
}

function explain(names) {
  const advice = [...new Set(names.map((name) => programs[name].advice))].join('. ');
  const packages = names.map((name) => programs[name].debian).join(' ');
  const variables = names.map(variableOf).join(', ');
  return `Not found: ${names.join(', ')}. ${advice} (Debian: apt-get install ${packages}), or name its place by ${variables}.`;
}
