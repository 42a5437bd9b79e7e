import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { AppError } from '@/lib/errors'
import { runProgram } from '@/worker/process/run-program'
import { imageBroken } from '../../machine-errors'
import { describeBackingChain } from './backing-chain'
import { buildQemuImgCommand, type SandboxedFiles } from './qemu-img-sandbox'
import * as messages from '@/lib/generated/messages/machine-image-problems'

const infoSchema = z.object({
  format: z.string(),
  'virtual-size': z.number(),
  'backing-filename': z.string().optional(),
  'format-specific': z
    .object({ data: z.object({ 'data-file': z.string().optional(), corrupt: z.boolean().optional() }) })
    .optional(),
})

/** Exit code of `qemu-img check` for leaked clusters, which waste space and do no harm (qemu-img(1)). */
const EXIT_LEAKS_ONLY = 3

const DEFAULT_TIMEOUT_MS = 60_000
const CONVERT_TIMEOUT_MS = 30 * 60_000
const CHECK_TIMEOUT_MS = 10 * 60_000

interface QemuImgOptions extends SandboxedFiles {
  signal?: AbortSignal
  timeoutMs?: number
}

/** Runs qemu-img, which parses what guests have written, where it sees only the given files. */
function runQemuImg(args: string[], { readable, writable, ...limits }: QemuImgOptions) {
  const [file, ...rest] = buildQemuImgCommand(args, { readable, writable })
  return runProgram({ file: file!, args: rest, timeoutMs: DEFAULT_TIMEOUT_MS, ...limits })
}

/** qemu-img writes only to existing files, so that it needs no access to their folder. */
async function createFile(file: string) {
  await rm(file, { force: true })
  await writeFile(file, '', { mode: 0o644, flag: 'wx' })
}

/** Contents of empty overlays by their parameters: writing one is faster than running qemu-img. */
const emptyOverlays = new Map<string, Buffer>()
const MAX_EMPTY_OVERLAYS = 16

interface OverlayOptions {
  disk: string
  backingFile: string
  sizeMiB: number
  signal?: AbortSignal
}

/** Creates a copy-on-write disk over `backingFile`, whose path is stored relative to the disk. */
export async function createOverlay({ disk, backingFile, sizeMiB, signal }: OverlayOptions) {
  const backingArgs = ['-F', 'qcow2', '-b', path.relative(path.dirname(disk), backingFile)]
  const key = JSON.stringify([...backingArgs, sizeMiB])
  const empty = emptyOverlays.get(key)
  if (empty) return writeFile(disk, empty, { mode: 0o644, signal })
  await createFile(disk)
  // -u: does not open the backing file, whose size it does not need.
  await runQemuImg(['create', '-q', '-u', '-f', 'qcow2', ...backingArgs, disk, `${sizeMiB}M`], {
    writable: [disk],
    signal,
  })
  if (emptyOverlays.size >= MAX_EMPTY_OVERLAYS) emptyOverlays.delete(emptyOverlays.keys().next().value!)
  emptyOverlays.set(key, await readFile(disk))
}

interface DiskCopy {
  from: string
  to: string
  signal?: AbortSignal
}

/** Copies a qcow2 disk with its `backing` files, nearest first, into one qcow2 file. The disk must not be in use. */
export async function flattenDisk({ from, backing, to, signal }: DiskCopy & { backing: string[] }) {
  await convertDisk(
    { source: [describeDisk(from, backing)], readable: [from, ...backing], to, signal },
    'qcow2',
  )
}

export const convertFromRaw = ({ from, ...copy }: DiskCopy) =>
  convertDisk({ source: ['-f', 'raw', from], readable: [from], ...copy }, 'qcow2')
export const convertToRaw = ({ from, ...copy }: DiskCopy) =>
  convertDisk({ source: ['-f', 'qcow2', from], readable: [from], ...copy }, 'raw')

async function convertDisk(
  {
    source,
    readable,
    to,
    signal,
  }: { source: string[]; readable: string[]; to: string; signal?: AbortSignal },
  format: 'qcow2' | 'raw',
) {
  await createFile(to)
  await runQemuImg(['convert', '-O', format, ...source, to], {
    readable,
    writable: [to],
    signal,
    timeoutMs: CONVERT_TIMEOUT_MS,
  })
}

/** Names all files of a disk, so that no header selects one. */
const describeDisk = (disk: string, backing: string[]) =>
  `json:${JSON.stringify({ driver: 'qcow2', file: { driver: 'file', filename: disk }, backing: describeBackingChain(backing) })}`

export async function growDisk({
  disk,
  backing,
  sizeMiB,
}: {
  disk: string
  backing: string[]
  sizeMiB: number
}) {
  await runQemuImg(['resize', '-q', describeDisk(disk, backing), `${sizeMiB}M`], {
    readable: backing,
    writable: [disk],
  })
}

interface DiskFile {
  /** Name of the image, for errors. */
  image: string
  file: string
  signal?: AbortSignal
}

/**
 * Inspects an untrusted disk as qcow2, without format probing. Rejects references to other files (a backing file, an
 * external data file), as QEMU would read those with our privileges.
 * @throws {PermanentError} machine.image_broken
 */
export async function inspectDisk({ image: name, file, signal }: DiskFile) {
  const text = await runQemuImg(['info', '-f', 'qcow2', '--output=json', file], {
    readable: [file],
    signal,
  }).catch((error: Error) => {
    if (signal?.aborted) throw error
    throw imageBroken(name, messages.notAQcow2Disk(), error)
  })
  const info = infoSchema.parse(JSON.parse(text))
  const data = info['format-specific']?.data
  if (info['backing-filename']) throw imageBroken(name, messages.hasBackingFile())
  if (data?.['data-file']) throw imageBroken(name, messages.hasDataFile())
  if (data?.corrupt) throw imageBroken(name, messages.markedCorrupt())
  return { diskMiB: Math.ceil(info['virtual-size'] / 1024 ** 2) }
}

/**
 * Verifies the tables of a qcow2 disk, which finds truncated files and overlapping clusters.
 * @throws {PermanentError} machine.image_broken
 */
export async function checkDisk({ image: name, file, signal }: DiskFile) {
  const args = ['check', '-q', '-f', 'qcow2', file]
  await runQemuImg(args, { readable: [file], signal, timeoutMs: CHECK_TIMEOUT_MS }).catch(
    (error: AppError) => {
      if (signal?.aborted) throw error
      if (error.details?.exitCode === EXIT_LEAKS_ONLY) return
      throw imageBroken(name, messages.truncated(), error)
    },
  )
}

export async function createEmptyDisk(disk: string, sizeMiB: number) {
  await createFile(disk)
  await runQemuImg(['create', '-q', '-f', 'qcow2', disk, `${sizeMiB}M`], { writable: [disk] })
}
