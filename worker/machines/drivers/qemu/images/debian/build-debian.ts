import { mkdir, readdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@/lib/errors'
import {
  imageBroken,
  insufficientDiskForImage,
  mapDiskFullError,
} from '@/worker/machines/drivers/image-errors'
import { hasLivePidFile, writePidFile } from '@/worker/machines/drivers/qemu/state/pid-file'
import { checkDisk, convertFromRaw, inspectDisk, convertToRaw } from '../qemu-img'
import { bootstrapDebian, findBuildProblem, type OnBuildStep, removeTree } from './bootstrap'
import { downloadImage } from './download-image'
import { customizeImage } from './customize-image'
import type { DebianSettings } from './debian-settings'

/** Package files, the unpacked system, the raw disk and the packed one, side by side at the worst. */
const REQUIRED_MIB = 3_072
const MAX_DISK_MIB = 16 * 1024
/** For how long an address that did not answer is not asked again. */
const UNREACHABLE_TTL_MS = 60 * 60_000
/** The whole of it, however slowly bytes trickle in. */
const BUILD_TIMEOUT_MS = 28 * 60_000

interface BuildOptions {
  /** Of all Debian images; `folder` in it appears when the image is whole. */
  dir: string
  folder: string
  settings: DebianSettings
  signal: AbortSignal
  onStep: OnBuildStep
  /** What has to be free, in MiB. */
  roomMiB?: number
}

/**
 * Makes the image. What is half made is removed at the end, and what a killed worker left is removed
 * here; only a download is kept, and gone on from.
 * @throws {AppError} machine.image_unreachable, machine.image_interrupted, machine.image_not_built, machine.packages_unavailable
 * @throws {PermanentError} machine.no_room, machine.image_broken, machine.image_unverified
 */
export async function buildDebian(making: BuildOptions) {
  const { dir, folder, settings, onStep, roomMiB = REQUIRED_MIB } = making
  const late = AbortSignal.timeout(BUILD_TIMEOUT_MS)
  const signal = AbortSignal.any([making.signal, late])
  await mkdir(dir, { recursive: true, mode: 0o755 })
  await removeAbandonedBuilds(dir)
  await requireFreeDisk(dir, roomMiB)
  const workDir = path.join(dir, `making-${folder}`)
  try {
    await mkdir(path.join(workDir, 'made'), { recursive: true, mode: 0o755 })
    await writePidFile(workDir)
    const [disk, made] = [path.join(workDir, 'disk.raw'), path.join(workDir, 'made')]
    const madeFrom = await createRawDisk({ dir, settings, signal, onStep, workDir, disk })
    onStep('putting the agent in', 0.9)
    const words = await customizeImage({ workDir, disk, made, signal })
    onStep('packing the disk', 0.95)
    await convertFromRaw(disk, path.join(made, 'root.qcow2'), signal)
    await rename(made, path.join(dir, folder))
    return { madeFrom, arguments: words }
  } catch (error) {
    throw making.signal.aborted
      ? making.signal.reason
      : late.aborted
        ? buildTimedOut(error)
        : mapDiskFullError('debian', REQUIRED_MIB, error)
  } finally {
    await removeTree(workDir)
  }
}

type DiskBuildOptions = Omit<BuildOptions, 'folder'> & { workDir: string; disk: string }

async function createRawDisk(making: DiskBuildOptions): Promise<'download' | 'build'> {
  const { settings, dir } = making
  const mark = path.join(dir, 'unreachable')
  if (
    settings.source === 'build' ||
    (settings.source === 'auto' && (await isUnreachable(mark, settings.imageUrl)))
  ) {
    await buildFromPackages(making)
    return 'build'
  }
  try {
    await downloadDisk(making)
    return 'download'
  } catch (error) {
    const isAway = (error as { code?: string }).code === 'machine.image_unreachable'
    if (settings.source === 'download' || !isAway) throw error
    await writeFile(mark, settings.imageUrl)
    await buildFromPackages(making)
    return 'build'
  }
}

async function buildFromPackages({ workDir, disk, signal, onStep, settings }: DiskBuildOptions) {
  const problem = await findBuildProblem()
  if (problem) throw cannotBuild(settings, problem)
  await bootstrapDebian({ workDir, to: disk, signal, onStep })
}

async function downloadDisk({ dir, workDir, disk, settings, signal, onStep }: DiskBuildOptions) {
  const image = path.join(workDir, 'downloaded.qcow2')
  onStep('asking Debian’s server', 0)
  await downloadImage({
    url: settings.imageUrl,
    dir: path.join(dir, 'download'),
    to: image,
    signal,
    onProgress({ bytes, totalBytes }) {
      const words = `downloading, ${toMegabytes(bytes)}${totalBytes ? ` of ${toMegabytes(totalBytes)} MB` : ' MB'}`
      onStep(words, totalBytes ? (bytes / totalBytes) * 0.8 : 0)
    },
  })
  onStep('unpacking the disk', 0.8)
  const { diskMiB } = await inspectDisk('debian', image, signal)
  await checkDisk('debian', image, signal)
  if (diskMiB > MAX_DISK_MIB) throw imageBroken('debian', `it says that its disk is ${diskMiB} MiB large`)
  await convertToRaw(image, disk, signal)
  await rm(image)
}

const toMegabytes = (bytes: number) => Math.round(bytes / 1e6)

async function isUnreachable(mark: string, url: string) {
  const { mtimeMs } = await stat(mark).catch(() => ({ mtimeMs: 0 }))
  return Date.now() - mtimeMs < UNREACHABLE_TTL_MS && (await readFile(mark, 'utf8')) === url
}

/** What a worker left that was killed while it made one. */
async function removeAbandonedBuilds(dir: string) {
  for (const name of await readdir(dir)) {
    const workDir = path.join(dir, name)
    if (name.startsWith('making-') && !(await hasLivePidFile(workDir))) await removeTree(workDir)
  }
}

async function requireFreeDisk(dir: string, roomMiB: number) {
  const { bavail, bsize } = await statfs(dir)
  const freeMiB = Math.floor((bavail * bsize) / 1024 ** 2)
  if (freeMiB < roomMiB) throw insufficientDiskForImage('debian', roomMiB, freeMiB)
}

const buildTimedOut = (cause: unknown) =>
  new AppError({
    code: 'machine.image_not_built',
    message: `Making the image took longer than ${BUILD_TIMEOUT_MS / 60_000} minutes and was ended. What was downloaded is kept, and the next try goes on from there.`,
    status: 503,
    cause,
  })

const cannotBuild = (settings: DebianSettings, problem: string) =>
  new AppError({
    code: 'machine.image_not_built',
    message:
      settings.source === 'build'
        ? problem
        : `${new URL(settings.imageUrl).host} cannot be reached from this server, so the image would have to be built. ${problem}`,
    status: 503,
  })
