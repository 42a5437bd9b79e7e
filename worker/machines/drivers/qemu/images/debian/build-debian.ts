import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AppError, errorCode } from '@/lib/errors'
import { hasLivePidFile, writePidFile } from '../../state/pid-file'
import { checkDisk, convertFromRaw, inspectDisk, convertToRaw } from '../qemu-img'
import { bootstrapDebian, findBuildProblem, type OnBuildStep } from './bootstrap'
import { downloadImage } from './download-image'
import { customizeImage } from './customize-image'
import type { DebianSettings } from './debian-settings'
import { imageBroken } from '../../../machine-errors'
import { requireImageSpace, mapDiskFullToImageSpace } from '../image-space'
import { removeTree } from '../namespace'
import * as messages from '@/lib/generated/messages/machine-driver-errors'
import * as problemMessages from '@/lib/generated/messages/machine-image-problems'
import * as progressMessages from '@/lib/generated/messages/machine-progress'

/** For the packages, the unpacked system, the raw disk and the compressed one at the same time. */
const REQUIRED_MIB = 3_072
const MAX_DISK_MIB = 16 * 1024
/** How long an unreachable image URL is not tried again. */
const UNREACHABLE_TTL_MS = 60 * 60_000
/** Limit for the whole build, including a slow download. */
const BUILD_TIMEOUT_MS = 28 * 60_000

interface BuildOptions {
  /** Parent folder of all Debian builds; `folder` appears in it when the build is complete. */
  dir: string
  folder: string
  settings: DebianSettings
  signal: AbortSignal
  onStep: OnBuildStep
  /** Free disk space required to start. */
  requiredMiB?: number
}

/**
 * Builds the image `debian`. Removes its unfinished files on failure, and those of killed workers at the start; only a partial
 * download stays, and the next build resumes it.
 * @throws {AppError} machine.image_unreachable, machine.image_interrupted, machine.image_not_built, machine.packages_unavailable
 * @throws {PermanentError} machine.no_room, machine.image_broken, machine.image_unverified
 */
export async function buildDebian(options: BuildOptions) {
  const { dir, folder, settings, onStep, requiredMiB = REQUIRED_MIB } = options
  const timeout = AbortSignal.timeout(BUILD_TIMEOUT_MS)
  const signal = AbortSignal.any([options.signal, timeout])
  await mkdir(dir, { recursive: true, mode: 0o755 })
  await removeAbandonedBuilds(dir)
  await requireImageSpace(dir, { image: 'debian', neededMiB: requiredMiB })
  const workDir = path.join(dir, `making-${folder}`)
  try {
    await mkdir(path.join(workDir, 'output'), { recursive: true, mode: 0o755 })
    await writePidFile(workDir)
    const [disk, outputDir] = [path.join(workDir, 'disk.raw'), path.join(workDir, 'output')]
    const madeFrom = await createRawDisk({ dir, settings, signal, onStep, workDir, disk })
    onStep(progressMessages.installingAgent, 0.9)
    const kernelArguments = await customizeImage({ workDir, disk, outputDir, signal })
    onStep(progressMessages.compressingDisk, 0.95)
    await convertFromRaw({ from: disk, to: path.join(outputDir, 'root.qcow2'), signal })
    await rename(outputDir, path.join(dir, folder))
    return { madeFrom, arguments: kernelArguments }
  } catch (error) {
    throw options.signal.aborted
      ? options.signal.reason
      : timeout.aborted
        ? buildTimedOut(error)
        : mapDiskFullToImageSpace(error, { image: 'debian', neededMiB: REQUIRED_MIB })
  } finally {
    await removeTree(workDir)
  }
}

type DiskBuildOptions = Omit<BuildOptions, 'folder'> & { workDir: string; disk: string }

async function createRawDisk(options: DiskBuildOptions): Promise<'download' | 'build'> {
  const { settings, dir } = options
  const markerFile = path.join(dir, 'unreachable')
  if (
    settings.source === 'build' ||
    (settings.source === 'auto' && (await isUnreachable(markerFile, settings.imageUrl)))
  ) {
    await buildFromPackages(options)
    return 'build'
  }
  try {
    await downloadDisk(options)
    return 'download'
  } catch (error) {
    const isHostUnreachable = errorCode(error) === 'machine.image_unreachable'
    if (settings.source === 'download' || !isHostUnreachable) throw error
    await writeFile(markerFile, settings.imageUrl)
    await buildFromPackages(options)
    return 'build'
  }
}

async function buildFromPackages({ workDir, disk, signal, onStep, settings }: DiskBuildOptions) {
  const problem = await findBuildProblem()
  if (problem) throw cannotBuild(settings, problem)
  await bootstrapDebian({ workDir, to: disk, signal, onStep })
}

async function downloadDisk({ dir, workDir, disk, settings, signal, onStep }: DiskBuildOptions) {
  const file = path.join(workDir, 'downloaded.qcow2')
  onStep(progressMessages.contactingServer, 0)
  await downloadImage({
    url: settings.imageUrl,
    dir: path.join(dir, 'download'),
    to: file,
    signal,
    onProgress({ bytes, totalBytes }) {
      const megabytes = toMegabytes(bytes)
      const describe = () =>
        totalBytes
          ? progressMessages.downloadingOf({ megabytes, total: toMegabytes(totalBytes) })
          : progressMessages.downloading({ megabytes })
      onStep(describe, totalBytes ? (bytes / totalBytes) * 0.8 : 0)
    },
  })
  onStep(progressMessages.unpackingDisk, 0.8)
  const { diskMiB } = await inspectDisk({ image: 'debian', file, signal })
  await checkDisk({ image: 'debian', file, signal })
  if (diskMiB > MAX_DISK_MIB) throw imageBroken('debian', problemMessages.diskTooLarge({ size: diskMiB }))
  await convertToRaw({ from: file, to: disk, signal })
  await rm(file)
}

const toMegabytes = (bytes: number) => Math.round(bytes / 1e6)

async function isUnreachable(markerFile: string, url: string) {
  const { mtimeMs } = await stat(markerFile).catch(() => ({ mtimeMs: 0 }))
  return Date.now() - mtimeMs < UNREACHABLE_TTL_MS && (await readFile(markerFile, 'utf8')) === url
}

/** Removes builds of workers that were killed. */
async function removeAbandonedBuilds(dir: string) {
  for (const name of await readdir(dir)) {
    const workDir = path.join(dir, name)
    if (name.startsWith('making-') && !(await hasLivePidFile(workDir))) await removeTree(workDir)
  }
}

const buildTimedOut = (cause: unknown) =>
  new AppError({
    code: 'machine.image_not_built',
    message: messages.buildTimedOut({ minutes: BUILD_TIMEOUT_MS / 60_000 }),
    status: 503,
    cause,
  })

const cannotBuild = (settings: DebianSettings, problem: string) =>
  new AppError({
    code: 'machine.image_not_built',
    message:
      settings.source === 'build'
        ? problem
        : messages.cannotDownload({ host: new URL(settings.imageUrl).host, problem }),
    status: 503,
  })
