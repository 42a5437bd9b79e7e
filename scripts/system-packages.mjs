// Installs operating system packages. Runs before anything is installed, so it imports only modules of Node.js.
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
 * @throws {Error} with the command to run if apt cannot be used; nothing is installed
 */
export function installSystemPackages(programs) {
  const missing = findMissing(programs)
  if (missing.length === 0) return Promise.resolve()
  const command = installCommand(missing)
  if (!canInstall())
    throw new Error(
      `Missing packages: ${missing.join(', ')}. Install them and try again:\n  sudo sh -c '${command}'`,
    )
  print(`Installing ${missing.join(', ')} …`)
  return runInstall(command)
}

/** As `installSystemPackages` for optional programs: on failure, prints `note` instead of throwing. */
export async function installOptionalPackages(programs, note) {
  const missing = findMissing(programs)
  if (missing.length === 0) return
  const command = installCommand(missing)
  if (!canInstall()) return print(`${note} To install it: sudo sh -c '${command}'`)
  print(`Installing ${missing.join(', ')} …`)
  await runInstall(command).catch((error) =>
    print(`${error.message}\nInstalling ${missing.join(', ')} failed. ${note}`),
  )
}

const isRoot = process.getuid?.() === 0
/** Whether apt exists and needs no password. */
const canInstall = () => hasProgram('apt-get') && (isRoot || spawnSync('sudo', ['-n', 'true']).status === 0)
const installCommand = (names) =>
  `apt-get update && apt-get install -y --no-install-recommends ${names.join(' ')}`

const runInstall = (command) =>
  runCommand(isRoot ? 'sh' : 'sudo', [...(isRoot ? [] : ['sh']), '-c', command], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })

export const MEDIA_PROGRAMS = { ffmpeg: 'ffmpeg', bwrap: 'bubblewrap', prlimit: 'util-linux' }

/** The speech engine of CAPTIONS=pocketsphinx. */
export const CAPTION_PROGRAMS = { pocketsphinx_continuous: 'pocketsphinx pocketsphinx-en-us' }

/** Synthetic voices and music for the full tests of speech recognition. */
export const SOUND_PROGRAMS = { 'espeak-ng': 'espeak-ng', fluidsynth: 'fluidsynth timgm6mb-soundfont' }

/** Programs that run virtual machines and build their images. */
export const MACHINE_PROGRAMS = {
  'qemu-system-x86_64': 'qemu-system-x86',
  'qemu-img': 'qemu-utils',
  bwrap: 'bubblewrap',
  unshare: 'util-linux',
  mke2fs: 'e2fsprogs',
  slirp4netns: 'slirp4netns',
  ip: 'iproute2',
}

/** A real S3 service for tests: Ceph's RADOS Gateway. */
export const S3_PROGRAMS = {
  'ceph-mon': 'ceph-mon',
  'ceph-osd': 'ceph-osd',
  radosgw: 'radosgw',
  ceph: 'ceph-common',
}

/** A real cluster of one computer for tests, with the API of Incus, and what its image is built from. */
export const LXD_PROGRAMS = {
  lxd: 'lxd',
  lxc: 'lxd-client',
  busybox: 'busybox-static',
  nft: 'nftables',
  dnsmasq: 'dnsmasq-base',
}

/**
 * Installs Chromium for the tests: the Debian package, or Playwright's build elsewhere, as Ubuntu's package is a snap.
 */
export async function installBrowser() {
  const isDebian =
    existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
  if (isDebian) return installSystemPackages({ chromium: 'chromium' })
  await runCommand(binPath('playwright'), ['install', '--with-deps', 'chromium'], {
    env: withPinnedNode(process.env),
  })
}
