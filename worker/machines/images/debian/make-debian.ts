import { mkdir, readdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@/lib/errors'
import { imageBroken, imageNoRoom, tellOfDisk } from '../image-errors'
import { isOwned, own } from '../owner'
import { checkDisk, fromRaw, inspectDisk, toRaw } from '../qemu-img'
import { bootstrap, findBuildProblem, type OnStep, removeTree } from './bootstrap'
import { downloadImage } from './download'
import { furnish } from './furnish'
import type { DebianSettings } from './settings'

/** Package files, the unpacked system, the raw disk and the packed one, side by side at the worst. */
const ROOM_MIB = 3_072
const LARGEST_MIB = 16 * 1024
/** For how long an address that did not answer is not asked again. */
const UNREACHABLE_MS = 60 * 60_000
/** The whole of it, however slowly bytes trickle in. */
const LONGEST_MS = 28 * 60_000

interface Making {
  /** Of all Debian images; `folder` in it appears when the image is whole. */
  dir: string
  folder: string
  settings: DebianSettings
  signal: AbortSignal
  onStep: OnStep
  /** What has to be free, in MiB. */
  roomMiB?: number
}

/**
 * Makes the image. What is half made is removed at the end, and what a killed worker left is removed
 * here; only a download is kept, and gone on from.
 * @throws {AppError} machine.image_unreachable, machine.image_interrupted, machine.image_not_built, machine.packages_unavailable
 * @throws {PermanentError} machine.no_room, machine.image_broken, machine.image_unverified
 */
export async function makeDebian(making: Making) {
  const { dir, folder, settings, onStep, roomMiB = ROOM_MIB } = making
  const late = AbortSignal.timeout(LONGEST_MS)
  const signal = AbortSignal.any([making.signal, late])
  await mkdir(dir, { recursive: true, mode: 0o755 })
  await sweep(dir)
  await refuseWithoutRoom(dir, roomMiB)
  const workDir = path.join(dir, `making-${folder}`)
  try {
    await mkdir(path.join(workDir, 'made'), { recursive: true, mode: 0o755 })
    await own(workDir)
    const [disk, made] = [path.join(workDir, 'disk.raw'), path.join(workDir, 'made')]
    const madeFrom = await makeDisk({ dir, settings, signal, onStep, workDir, disk })
    onStep('putting the agent in', 0.9)
    const words = await furnish({ workDir, disk, made, signal })
    onStep('packing the disk', 0.95)
    await fromRaw(disk, path.join(made, 'root.qcow2'), signal)
    await rename(made, path.join(dir, folder))
    return { madeFrom, arguments: words }
  } catch (error) {
    throw making.signal.aborted
      ? making.signal.reason
      : late.aborted
        ? tooSlow(error)
        : tellOfDisk('debian', ROOM_MIB, error)
  } finally {
    await removeTree(workDir)
  }
}

type DiskMaking = Omit<Making, 'folder'> & { workDir: string; disk: string }

async function makeDisk(making: DiskMaking): Promise<'download' | 'build'> {
  const { settings, dir } = making
  const mark = path.join(dir, 'unreachable')
  if (
    settings.source === 'build' ||
    (settings.source === 'auto' && (await isUnreachable(mark, settings.imageUrl)))
  ) {
    await build(making)
    return 'build'
  }
  try {
    await fetchDisk(making)
    return 'download'
  } catch (error) {
    const isAway = (error as { code?: string }).code === 'machine.image_unreachable'
    if (settings.source === 'download' || !isAway) throw error
    await writeFile(mark, settings.imageUrl)
    await build(making)
    return 'build'
  }
}

async function build({ workDir, disk, signal, onStep, settings }: DiskMaking) {
  const problem = await findBuildProblem()
  if (problem) throw noWay(settings, problem)
  await bootstrap({ workDir, to: disk, signal, onStep })
}

async function fetchDisk({ dir, workDir, disk, settings, signal, onStep }: DiskMaking) {
  const image = path.join(workDir, 'downloaded.qcow2')
  onStep('asking Debian’s server', 0)
  await downloadImage({
    url: settings.imageUrl,
    dir: path.join(dir, 'download'),
    to: image,
    signal,
    onProgress({ bytes, totalBytes }) {
      const words = `downloading, ${inMB(bytes)}${totalBytes ? ` of ${inMB(totalBytes)} MB` : ' MB'}`
      onStep(words, totalBytes ? (bytes / totalBytes) * 0.8 : 0)
    },
  })
  onStep('unpacking the disk', 0.8)
  const { diskMiB } = await inspectDisk('debian', image, signal)
  await checkDisk('debian', image, signal)
  if (diskMiB > LARGEST_MIB) throw imageBroken('debian', `it says that its disk is ${diskMiB} MiB large`)
  await toRaw(image, disk, signal)
  await rm(image)
}

const inMB = (bytes: number) => Math.round(bytes / 1e6)

async function isUnreachable(mark: string, url: string) {
  const { mtimeMs } = await stat(mark).catch(() => ({ mtimeMs: 0 }))
  return Date.now() - mtimeMs < UNREACHABLE_MS && (await readFile(mark, 'utf8')) === url
}

/** What a worker left that was killed while it made one. */
async function sweep(dir: string) {
  for (const name of await readdir(dir)) {
    const workDir = path.join(dir, name)
    if (name.startsWith('making-') && !(await isOwned(workDir))) await removeTree(workDir)
  }
}

async function refuseWithoutRoom(dir: string, roomMiB: number) {
  const { bavail, bsize } = await statfs(dir)
  const freeMiB = Math.floor((bavail * bsize) / 1024 ** 2)
  if (freeMiB < roomMiB) throw imageNoRoom('debian', roomMiB, freeMiB)
}

const tooSlow = (cause: unknown) =>
  new AppError({
    code: 'machine.image_not_built',
    message: `Making the image took longer than ${LONGEST_MS / 60_000} minutes and was ended. What was downloaded is kept, and the next try goes on from there.`,
    status: 503,
    cause,
  })

const noWay = (settings: DebianSettings, problem: string) =>
  new AppError({
    code: 'machine.image_not_built',
    message:
      settings.source === 'build'
        ? problem
        : `${new URL(settings.imageUrl).host} cannot be reached from this server, so the image would have to be built. ${problem}`,
    status: 503,
  })
