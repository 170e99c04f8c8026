import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Installs Debian packages where that is possible: on Debian and Ubuntu, as root. Elsewhere, and if it fails, nothing happens. */
export function installPackages(...packages) {
  const isDebian = process.platform === 'linux' && existsSync('/usr/bin/apt-get');
  if (!isDebian || process.getuid() !== 0) return;
  console.log(`Installing what is missing here: ${packages.join(' ')}.`);
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  try {
    execFileSync('apt-get', ['update'], options);
    execFileSync('apt-get', ['install', '--yes', '--no-install-recommends', ...packages], options);
  } catch (error) {
    console.error(error.message);
  }
}
