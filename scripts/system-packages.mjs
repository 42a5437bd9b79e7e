// Programs of the operating system. Imports nothing but Node's own modules.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { binPath, print, runCommand, withPinnedNode } from './setup.mjs'

const hasProgram = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

const findMissing = (programs) =>
  Object.entries(programs)
    .filter(([program]) => !hasProgram(program))
    .map(([, packageName]) => packageName)

/**
 * Installs missing programs (program → Debian package) with apt.
 * @throws {Error} with the command to run, before anything is done, where apt may not be used
 */
export function installSystemPackages(programs) {
  const missing = findMissing(programs)
  if (missing.length === 0) return Promise.resolve()
  const command = installCommand(missing)
  if (!canInstall())
    throw new Error(
      `${missing.join(', ')} missing. Install them, then run this again:\n  sudo sh -c '${command}'`,
    )
  print(`Installing ${missing.join(', ')} …`)
  return runInstall(command)
}

/** The same for optional programs: if one cannot be installed, prints `note` and goes on. */
export async function installOptionalPackages(programs, note) {
  const missing = findMissing(programs)
  if (missing.length === 0) return
  const command = installCommand(missing)
  if (!canInstall()) return print(`${note} To install it: sudo sh -c '${command}'`)
  print(`Installing ${missing.join(', ')} …`)
  await runInstall(command).catch(() => print(`${missing.join(', ')} could not be installed. ${note}`))
}

const isRoot = process.getuid?.() === 0
/** Whether apt is here and can be used without a password. */
const canInstall = () => hasProgram('apt-get') && (isRoot || spawnSync('sudo', ['-n', 'true']).status === 0)
const installCommand = (names) =>
  `apt-get update && apt-get install -y --no-install-recommends ${names.join(' ')}`

const runInstall = (command) =>
  runCommand(isRoot ? 'sh' : 'sudo', [...(isRoot ? [] : ['sh']), '-c', `(${command}) >/dev/null`], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })

export const MEDIA_PROGRAMS = { ffmpeg: 'ffmpeg', bwrap: 'bubblewrap', prlimit: 'util-linux' }

/** The fallback speech engine, used where no Whisper model can be downloaded. */
export const CAPTION_PROGRAMS = { pocketsphinx_continuous: 'pocketsphinx pocketsphinx-en-us' }
export const CAPTION_PROGRAMS_MISSING_NOTE =
  'Without it, captions need a Whisper model, which is downloaded at first use.'

/** Run virtual machines and build their images. */
export const MACHINE_PROGRAMS = {
  'qemu-system-x86_64': 'qemu-system-x86',
  'qemu-img': 'qemu-utils',
  bwrap: 'bubblewrap',
  unshare: 'util-linux',
  mke2fs: 'e2fsprogs',
  slirp4netns: 'slirp4netns',
  ip: 'iproute2',
}

/** Chromium for the tests: Debian's package; elsewhere Playwright's build, since Ubuntu's package is a snap. */
export async function installBrowser() {
  const isDebian =
    existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
  if (isDebian) return installSystemPackages({ chromium: 'chromium' })
  await runCommand(binPath('playwright'), ['install', '--with-deps', 'chromium'], {
    env: withPinnedNode(process.env),
  })
}
