import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@/lib/errors'
import { nicenessArgs, NICENESS } from '@/worker/process/niceness'
import { runProgram } from '@/worker/process/run-program'
import { unpackDebianPackages } from '../debian-packages'
import { listDebianMirrors } from './debian-mirrors'
import { FIRST_PARTITION_BYTES, writePartitionTable } from './partitions'

export const DEBIAN_RELEASE = 'bookworm'
/** Of the disk as it is made; a machine's grows with its order. */
const DISK_MIB = 2_048
const BUILD_TIMEOUT_MS = 20 * 60_000
const CHECK_TIMEOUT_MS = 20_000

export const DEBIAN_PACKAGES = [
  ['systemd-sysv', 'libpam-systemd', 'udev', 'dbus', 'systemd-resolved', 'systemd-timesyncd'],
  ['linux-image-cloud-amd64', 'initramfs-tools', 'zstd', 'kmod', 'fdisk'],
  ['openssh-server', 'sudo', 'bash-completion', 'ca-certificates', 'curl', 'less', 'nano', 'vim-tiny'],
  ['iproute2', 'iputils-ping', 'netbase', 'procps', 'psmisc', 'man-db', 'tzdata', 'cron', 'logrotate'],
].flat()

/** What mmdebstrap says when a step begins, what that is for a person, and the share of the time behind it. */
const BUILD_STEPS = [
  { said: 'downloading packages', words: 'downloading packages', progress: 0.1 },
  { said: 'extracting archives', words: 'unpacking packages', progress: 0.2 },
  { said: 'installing essential', words: 'installing packages', progress: 0.25 },
  { said: 'installing remaining', words: 'installing packages', progress: 0.4 },
  { said: '--customize-hook', words: 'writing the disk', progress: 0.85 },
]

export type OnBuildStep = (words: string, progress: number) => void

/**
 * Builds a Debian into the raw disk `to` from packages of this host's mirror, with mmdebstrap, which is
 * itself unpacked and not installed. It runs in namespaces of its own: its mounts are seen by nobody else, and
 * all of it ends with this process, however that ends.
 * @throws {AppError} machine.packages_unavailable, machine.image_not_built
 */
export async function bootstrapDebian(given: {
  workDir: string
  to: string
  signal: AbortSignal
  onStep: OnBuildStep
}) {
  const { workDir, to, signal, onStep } = given
  const [packages, tools, temporary] = ['packages', 'tools', 'tmp'].map((name) => path.join(workDir, name))
  for (const dir of [packages, tools, temporary]) await mkdir(dir!, { recursive: true, mode: 0o755 })
  onStep('asking the mirror', 0)
  const sources = path.join(workDir, 'sources.list')
  const mirrors = await listDebianMirrors({ release: DEBIAN_RELEASE, workDir: packages!, signal })
  await writeFile(sources, `${mirrors.join('\n')}\n`)
  await unpackDebianPackages({ others: ['mmdebstrap'], workDir: packages!, target: tools!, signal })
  const hear = (line: string) => {
    const step = BUILD_STEPS.find(({ said }) => line.includes(said))
    if (step) onStep(step.words, step.progress)
  }
  const [file, ...before] = namespaceCommand()
  const diskKib = DISK_MIB * 1024 - FIRST_PARTITION_BYTES / 1024
  const words = [
    ['perl', path.join(tools!, 'usr/bin/mmdebstrap'), '--mode=root', '--variant=minbase', '--format=null'],
    [`--include=${DEBIAN_PACKAGES.join(',')}`, '--aptopt=Acquire::Languages "none"'],
    [`--customize-hook=sh -e "$PACK" "$1"`, DEBIAN_RELEASE, '/dev/null', sources],
  ].flat()
  await runProgram({
    file: file!,
    args: [...before, ...words],
    env: {
      TMPDIR: temporary!,
      PACK: path.join(import.meta.dirname, 'pack-disk.sh'),
      BARE: path.join(workDir, 'bare'),
      DISK: to,
      DISK_KIB: `${diskKib}`,
    },
    timeoutMs: BUILD_TIMEOUT_MS,
    signal,
    onErrorLine: hear,
  }).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : buildFailed(error)
  })
  await writePartitionTable(to, DISK_MIB * 1024 ** 2)
}

/** Who is not root gets the users and groups of a whole system from /etc/subuid, in a namespace. */
const namespaceCommand = () => {
  const asUser = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user', '--map-auto']
  const apartFrom = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--']
  return [
    'setpriv',
    '--pdeathsig',
    'KILL',
    ...nicenessArgs(NICENESS.prewarm),
    'unshare',
    ...asUser,
    ...apartFrom,
  ]
}

/** Null where an image can be built here; else what to do, for an administrator. */
export async function findBuildProblem() {
  for (const [program, name] of Object.entries({ 'apt-get': 'apt', perl: 'perl', debugfs: 'e2fsprogs' }))
    try {
      await runProgram({
        file: program,
        args: [program === 'debugfs' ? '-V' : '--version'],
        timeoutMs: CHECK_TIMEOUT_MS,
      })
    } catch {
      return `It is built with ${program}, which is missing here: sudo apt-get install ${name}`
    }
  const [file, ...args] = namespaceCommand()
  return runProgram({ file: file!, args: [...args, 'true'], timeoutMs: CHECK_TIMEOUT_MS }).then(
    () => null,
    (error: Error) =>
      `It is built in namespaces, which cannot be made here (${error.message}). Run as root, or: sudo apt-get install uidmap, with an entry for this user in /etc/subuid and /etc/subgid.`,
  )
}

const buildFailed = (error: unknown) =>
  new AppError({
    code: 'machine.image_not_built',
    message: `The image could not be built: ${error instanceof Error ? error.message : String(error)}`,
    status: 503,
    cause: error,
  })

/** Also what belongs to the users of a namespace. */
export async function removeTree(dir: string) {
  try {
    await rm(dir, { recursive: true, force: true, maxRetries: 3 })
  } catch {
    const [file, ...args] = namespaceCommand()
    await runProgram({ file: file!, args: [...args, 'rm', '-rf', dir], timeoutMs: BUILD_TIMEOUT_MS })
  }
}
