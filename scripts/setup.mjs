// Runs before anything is installed, on whatever Node there is (>= 20): no imports but Node's own.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(fileURLToPath(import.meta.url), '../..')
export const print = (line) => process.stdout.write(`${line}\n`)
export const binPath = (name) => path.join(root, 'node_modules', '.bin', name)

export function runCommand(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (error || status !== 0) throw new Error(`${path.basename(command)} ${args.join(' ')} failed`)
}

function hashFiles(paths) {
  const hash = createHash('sha256')
  const add = (file) => {
    if (!existsSync(file)) return
    if (statSync(file).isDirectory()) {
      for (const name of readdirSync(file).sort()) if (name !== 'generated') add(path.join(file, name))
    } else hash.update(file.slice(root.length)).update(readFileSync(file))
  }
  for (const name of paths) add(path.join(root, name))
  return hash.digest('hex')
}

/** Does `work` unless it was done for the same content of `paths`. */
function runIfChanged(name, paths, stillThere, work) {
  const stamp = path.join(root, 'node_modules', '.meanwhile', name)
  const wanted = hashFiles(paths)
  if (existsSync(path.join(root, stillThere)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted)
    return
  // Interrupted half-way, it is done anew.
  rmSync(stamp, { force: true })
  work()
  mkdirSync(path.dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
}

/** Whether node_modules holds what the lock file says, whoever installed it. */
export function arePackagesInstalled() {
  try {
    const packagesIn = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages
    // npm writes it last, and removes it first.
    const installed = packagesIn('node_modules/.package-lock.json')
    return Object.entries(packagesIn('package-lock.json')).every(
      ([at, { version, optional }]) => at === '' || optional || installed[at]?.version === version,
    )
  } catch {
    return false
  }
}

export function installPackages() {
  if (arePackagesInstalled()) return
  print('Installing packages …')
  runCommand('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
}

const hasProgram = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

/** Programs from the system: installed through apt where we may, else the one command to run is printed. */
export function installSystemPackages(parts) {
  const missing = Object.entries(parts)
    .filter(([program]) => !hasProgram(program))
    .map(([, name]) => name)
  if (missing.length === 0) return
  const command = installCommand(missing)
  if (!canInstall()) {
    print(`These programs are missing: ${missing.join(', ')}. Install them, then run this again:`)
    print(`  sudo sh -c '${command}'`)
    process.exit(1)
  }
  print(`Installing ${missing.join(', ')} …`)
  runInstall(command)
}

/** The same for what the app can do without: where it cannot be installed, that is said and nothing else. */
export function installOptionalPackages(parts, without) {
  const missing = Object.entries(parts)
    .filter(([program]) => !hasProgram(program))
    .map(([, name]) => name)
  if (missing.length === 0) return
  const command = installCommand(missing)
  if (!canInstall()) return print(`${without} To have it: sudo sh -c '${command}'`)
  print(`Installing ${missing.join(', ')} …`)
  try {
    runInstall(command)
  } catch {
    print(`${missing.join(', ')} could not be installed. ${without}`)
  }
}

const isRoot = process.getuid?.() === 0
const canInstall = () => hasProgram('apt-get') && (isRoot || spawnSync('sudo', ['-n', 'true']).status === 0)
const installCommand = (names) =>
  `apt-get update && apt-get install -y --no-install-recommends ${names.join(' ')}`

const runInstall = (command) =>
  runCommand(isRoot ? 'sh' : 'sudo', [...(isRoot ? [] : ['sh']), '-c', `(${command}) >/dev/null`], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })

export const MEDIA_PROGRAMS = { ffmpeg: 'ffmpeg', bwrap: 'bubblewrap', prlimit: 'util-linux' }

/** Listens to videos where no better engine can be downloaded. */
export const CAPTION_PROGRAMS = { pocketsphinx_continuous: 'pocketsphinx pocketsphinx-en-us' }
export const CAPTION_PROGRAMS_MISSING_NOTE = 'Without it, captions need a model of Whisper to be downloaded.'

/** For virtual machines, and what their images are made with. */
export const MACHINE_PROGRAMS = {
  'qemu-system-x86_64': 'qemu-system-x86',
  'qemu-img': 'qemu-utils',
  bwrap: 'bubblewrap',
  unshare: 'util-linux',
  mke2fs: 'e2fsprogs',
  slirp4netns: 'slirp4netns',
  ip: 'iproute2',
}

/** Chromium for the tests: Debian's own package; elsewhere (Ubuntu's is a snap) Playwright's build. */
export function installBrowser() {
  const isDebian =
    existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
  if (isDebian) return installSystemPackages({ chromium: 'chromium' })
  runCommand(binPath('playwright'), ['install', '--with-deps', 'chromium'], {
    env: withPinnedNode(process.env),
  })
}

export function generatePrismaClient() {
  runIfChanged(
    'prisma-client',
    ['prisma/schema.prisma', 'package-lock.json'],
    'lib/generated/prisma/client.ts',
    () => {
      print('Generating the database client …')
      // It asks for an engine that it does not use, and would download it.
      const env = {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? '/bin/true',
      }
      runCommand(binPath('prisma'), ['generate', '--no-hints'], {
        env: withPinnedNode(env),
        stdio: ['ignore', 'ignore', 'inherit'],
      })
    },
  )
}

/**
 * Builds the web app where it changed, and gives the folder of the build. Every build has its own, so that
 * a server that runs from an earlier one keeps its files.
 */
export function buildWeb() {
  const sources = [
    'app',
    'lib',
    'public',
    'next.config.ts',
    'postcss.config.mjs',
    'tsconfig.json',
    'package-lock.json',
  ]
  const dir = `.next-${hashFiles(sources).slice(0, 12)}`
  if (existsSync(path.join(root, dir, 'BUILD_ID'))) {
    // It is the newest in use, whatever was built after it.
    utimesSync(path.join(root, dir), new Date(), new Date())
    return dir
  }
  print('Building the web app …')
  runCommand(binPath('next'), ['build'], {
    env: withPinnedNode({ ...process.env, NODE_ENV: 'production' }),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const draft = path.join(root, `${dir}.draft`)
  rmSync(draft, { recursive: true, force: true })
  const isKept = (file) => file !== path.join(root, '.next', 'cache')
  cpSync(path.join(root, '.next'), draft, { recursive: true, verbatimSymlinks: true, filter: isKept })
  rmSync(path.join(root, dir), { recursive: true, force: true })
  renameSync(draft, path.join(root, dir))
  removeOldBuilds()
  return dir
}

const MAX_BUILDS = 3

/** Folders of builds, newest first. */
export function listBuilds() {
  const changedAt = (name) => statSync(path.join(root, name)).mtimeMs
  const names = readdirSync(root).filter((name) => existsSync(path.join(root, name, 'BUILD_ID')))
  return names.filter((name) => name.startsWith('.next-')).sort((a, b) => changedAt(b) - changedAt(a))
}

function removeOldBuilds() {
  for (const name of listBuilds().slice(MAX_BUILDS))
    rmSync(path.join(root, name), { recursive: true, force: true })
}

/** The Node that is pinned as a package comes first for everything started from here. */
export const withPinnedNode = (env) => ({
  ...env,
  PATH: `${path.join(root, 'node_modules', '.bin')}:${env.PATH}`,
  NEXT_TELEMETRY_DISABLED: '1',
})
