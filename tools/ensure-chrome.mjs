/** Finds Chrome or Chromium for the tests; on Debian and Ubuntu, as root, installs Chromium where there is none. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChrome } from './find-chrome.mjs';

const howToInstall = {
  linux: 'Install Chromium with your package manager (Debian: apt-get install chromium)',
  darwin: 'Install Chrome (brew install --cask google-chrome)',
  win32: 'Install Chrome (https://www.google.com/chrome/)',
};

function canInstall() {
  return process.platform === 'linux' && existsSync('/usr/bin/apt-get') && process.getuid() === 0;
}

function install() {
  console.log('No Chrome or Chromium here: installing the package chromium.');
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  try {
    execFileSync('apt-get', ['update'], options);
    execFileSync('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium'], options);
  } catch (error) {
    console.error(error.message);
  }
}

if (!findChrome() && canInstall()) install();
const chrome = findChrome();
if (chrome) {
  console.log(chrome);
} else {
  const hint = howToInstall[process.platform] ?? howToInstall.linux;
  console.error(`The tests need Chrome or Chromium. ${hint}, or set CHROME_PATH to its binary.`);
  process.exitCode = 1;
}
