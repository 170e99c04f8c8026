/** Finds Chrome or Chromium for the tests; on Debian and Ubuntu, as root, installs Chromium where there is none. */
import { findChrome } from './find-chrome.mjs';
import { installPackages } from './install-packages.mjs';

const howToInstall = {
  linux: 'Install Chromium with your package manager (Debian: apt-get install chromium)',
  darwin: 'Install Chrome (brew install --cask google-chrome)',
  win32: 'Install Chrome (https://www.google.com/chrome/)',
};

if (!findChrome()) installPackages('chromium');
const chrome = findChrome();
if (chrome) {
  console.log(chrome);
} else {
  const hint = howToInstall[process.platform] ?? howToInstall.linux;
  console.error(`The tests need Chrome or Chromium. ${hint}, or set CHROME_PATH to its binary.`);
  process.exitCode = 1;
}
