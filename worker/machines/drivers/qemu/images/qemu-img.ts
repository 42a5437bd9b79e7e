import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { AppError } from '@/lib/errors'
import { runProgram } from '@/worker/process/run-program'
import { imageBroken } from '../../machine-errors'

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

const runQemuImg = (args: string[], options: { signal?: AbortSignal; timeoutMs?: number } = {}) =>
  runProgram({ file: 'qemu-img', args, timeoutMs: DEFAULT_TIMEOUT_MS, ...options })

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
  await runQemuImg(['create', '-q', '-f', 'qcow2', ...backingArgs, disk, `${sizeMiB}M`], { signal })
  if (emptyOverlays.size >= MAX_EMPTY_OVERLAYS) emptyOverlays.delete(emptyOverlays.keys().next().value!)
  emptyOverlays.set(key, await readFile(disk))
}

interface DiskCopy {
  from: string
  to: string
  signal?: AbortSignal
}
type DiskFormat = 'qcow2' | 'raw'

/** Copies a qcow2 disk with its backing files into one qcow2 file. The disk must not be in use. */
export const flattenDisk = (copy: DiskCopy) => convertDisk(copy, { from: 'qcow2', to: 'qcow2' })
export const convertFromRaw = (copy: DiskCopy) => convertDisk(copy, { from: 'raw', to: 'qcow2' })
export const convertToRaw = (copy: DiskCopy) => convertDisk(copy, { from: 'qcow2', to: 'raw' })

async function convertDisk({ from, to, signal }: DiskCopy, formats: Record<'from' | 'to', DiskFormat>) {
  const args = ['convert', '-f', formats.from, '-O', formats.to, from, to]
  await runQemuImg(args, { signal, timeoutMs: CONVERT_TIMEOUT_MS })
}

export async function growDisk(disk: string, sizeMiB: number) {
  await runQemuImg(['resize', '-q', '-f', 'qcow2', disk, `${sizeMiB}M`])
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
  const text = await runQemuImg(['info', '-f', 'qcow2', '--output=json', file], { signal }).catch(
    (error: Error) => {
      if (signal?.aborted) throw error
      throw imageBroken(name, 'it is not a qcow2 disk', error)
    },
  )
  const info = infoSchema.parse(JSON.parse(text))
  const data = info['format-specific']?.data
  if (info['backing-filename']) throw imageBroken(name, 'it has a backing file')
  if (data?.['data-file']) throw imageBroken(name, 'it has an external data file')
  if (data?.corrupt) throw imageBroken(name, 'it is marked as corrupt')
  return { diskMiB: Math.ceil(info['virtual-size'] / 1024 ** 2) }
}

/**
 * Verifies the tables of a qcow2 disk, which finds truncated files and overlapping clusters.
 * @throws {PermanentError} machine.image_broken
 */
export async function checkDisk({ image: name, file, signal }: DiskFile) {
  const args = ['check', '-q', '-f', 'qcow2', file]
  await runQemuImg(args, { signal, timeoutMs: CHECK_TIMEOUT_MS }).catch((error: AppError) => {
    if (signal?.aborted) throw error
    if (error.details?.exitCode === EXIT_LEAKS_ONLY) return
    throw imageBroken(name, 'it is truncated or corrupt (qemu-img check)', error)
  })
}

export async function createEmptyDisk(disk: string, sizeMiB: number) {
  await runQemuImg(['create', '-q', '-f', 'qcow2', disk, `${sizeMiB}M`])
}
