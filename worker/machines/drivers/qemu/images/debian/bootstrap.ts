import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AppError, errorMessage } from '@/lib/errors'
import { runProgram } from '@/worker/process/run-program'
import { unpackDebianPackages } from '../debian-packages'
import { namespaceCommand } from '../namespace'
import { listDebianMirrors } from './debian-mirrors'
import { FIRST_PARTITION_BYTES, writePartitionTable } from './partitions'
import { projectPath } from '@/lib/process/project-path'
import * as messages from '@/lib/generated/messages/machine-driver-errors'
import * as progressMessages from '@/lib/generated/messages/machine-progress'

export const DEBIAN_RELEASE = 'bookworm'
/** Size of the built disk. The file system of a machine grows to the size of its disk. */
const DISK_MIB = 2_048
const BUILD_TIMEOUT_MS = 20 * 60_000
const CHECK_TIMEOUT_MS = 20_000

export const DEBIAN_PACKAGES = [
  ['systemd-sysv', 'libpam-systemd', 'udev', 'dbus', 'systemd-resolved', 'systemd-timesyncd'],
  ['linux-image-cloud-amd64', 'initramfs-tools', 'zstd', 'kmod', 'fdisk'],
  ['openssh-server', 'sudo', 'bash-completion', 'ca-certificates', 'curl', 'less', 'nano', 'vim-tiny'],
  ['iproute2', 'iputils-ping', 'netbase', 'procps', 'psmisc', 'man-db', 'tzdata', 'cron', 'logrotate'],
].flat()

/** What mmdebstrap logs at the start of each step, the description for users, and the share of the build done by then. */
const BUILD_STEPS = [
  { logged: 'downloading packages', description: progressMessages.downloadingPackages, progress: 0.1 },
  { logged: 'extracting archives', description: progressMessages.unpackingPackages, progress: 0.2 },
  { logged: 'installing essential', description: progressMessages.installingPackages, progress: 0.25 },
  { logged: 'installing remaining', description: progressMessages.installingPackages, progress: 0.4 },
  { logged: '--customize-hook', description: progressMessages.writingDisk, progress: 0.85 },
]

interface BootstrapOptions {
  workDir: string
  to: string
  signal: AbortSignal
  onStep: OnBuildStep
}

/** `describe` formats the step in the current language: tasks of several users may wait for the same build. */
export type OnBuildStep = (describe: () => string, progress: number) => void

/**
 * Builds a Debian system into the raw disk `to` from packages of the host's mirror. It uses mmdebstrap, which is unpacked, not
 * installed, and runs in its own namespaces: its mounts are private, and it is killed with this process, even by SIGKILL.
 * @throws {AppError} machine.packages_unavailable, machine.image_not_built
 */
export async function bootstrapDebian({ workDir, to, signal, onStep }: BootstrapOptions) {
  const [packages, tools, temporary] = ['packages', 'tools', 'tmp'].map((name) => path.join(workDir, name))
  for (const dir of [packages, tools, temporary]) await mkdir(dir!, { recursive: true, mode: 0o755 })
  onStep(progressMessages.contactingMirror, 0)
  const sources = path.join(workDir, 'sources.list')
  const mirrors = await listDebianMirrors({ release: DEBIAN_RELEASE, workDir: packages!, signal })
  await writeFile(sources, `${mirrors.join('\n')}\n`)
  await unpackDebianPackages({ others: ['mmdebstrap'], workDir: packages!, target: tools!, signal })
  const reportStep = (line: string) => {
    const step = BUILD_STEPS.find(({ logged }) => line.includes(logged))
    if (step) onStep(step.description, step.progress)
  }
  const [file, ...prefix] = namespaceCommand()
  const diskKib = DISK_MIB * 1024 - FIRST_PARTITION_BYTES / 1024
  const mmdebstrap = [
    ['perl', path.join(tools!, 'usr/bin/mmdebstrap'), '--mode=root', '--variant=minbase', '--format=null'],
    [`--include=${DEBIAN_PACKAGES.join(',')}`, '--aptopt=Acquire::Languages "none"'],
    [`--customize-hook=sh -e "$PACK" "$1"`, DEBIAN_RELEASE, '/dev/null', sources],
  ].flat()
  await runProgram({
    file: file!,
    args: [...prefix, ...mmdebstrap],
    env: {
      TMPDIR: temporary!,
      PACK: projectPath('worker/machines/drivers/qemu/images/debian/pack-disk.sh'),
      BARE: path.join(workDir, 'bare'),
      DISK: to,
      DISK_KIB: `${diskKib}`,
    },
    timeoutMs: BUILD_TIMEOUT_MS,
    signal,
    onErrorLine: reportStep,
  }).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : buildFailed(error)
  })
  await writePartitionTable(to, DISK_MIB * 1024 ** 2)
}

/** Returns null if a Debian image can be built on this host, or what the operator has to install. */
export async function findBuildProblem() {
  for (const [program, name] of Object.entries({ 'apt-get': 'apt', perl: 'perl', debugfs: 'e2fsprogs' }))
    try {
      await runProgram({
        file: program,
        args: [program === 'debugfs' ? '-V' : '--version'],
        timeoutMs: CHECK_TIMEOUT_MS,
      })
    } catch {
      return messages.buildNeedsProgram({ program, name })
    }
  const [file, ...args] = namespaceCommand()
  return runProgram({ file: file!, args: [...args, 'true'], timeoutMs: CHECK_TIMEOUT_MS }).then(
    () => null,
    (error: Error) => messages.buildNeedsNamespaces({ reason: error.message }),
  )
}

const buildFailed = (error: unknown) =>
  new AppError({
    code: 'machine.image_not_built',
    message: messages.imageNotBuilt({ reason: errorMessage(error) }),
    status: 503,
    cause: error,
  })
