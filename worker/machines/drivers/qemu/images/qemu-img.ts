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

const runQemuImg = (args: string[], signal?: AbortSignal, timeoutMs = 60_000) =>
  runProgram({ file: 'qemu-img', args, signal, timeoutMs })

/** Contents of empty overlays by their parameters: copying one is faster than running qemu-img. */
const emptyOverlays = new Map<string, Buffer>()
const MAX_EMPTY_OVERLAYS = 16

/** Creates a copy-on-write disk over `backingFile`, whose path is stored relative to the disk. */
export async function createOverlay(
  disk: string,
  backingFile: string,
  sizeMiB: number,
  signal?: AbortSignal,
) {
  const backingArgs = ['-F', 'qcow2', '-b', path.relative(path.dirname(disk), backingFile)]
  const key = JSON.stringify([...backingArgs, sizeMiB])
  const empty = emptyOverlays.get(key)
  if (empty) return writeFile(disk, empty, { mode: 0o644, signal })
  await runQemuImg(['create', '-q', '-f', 'qcow2', ...backingArgs, disk, `${sizeMiB}M`], signal)
  if (emptyOverlays.size >= MAX_EMPTY_OVERLAYS) emptyOverlays.delete(emptyOverlays.keys().next().value!)
  emptyOverlays.set(key, await readFile(disk))
}

/** Copies a disk with its backing files into one file. The disk must not be in use. */
export async function flattenDisk(from: string, to: string, signal?: AbortSignal) {
  await runQemuImg(['convert', '-f', 'qcow2', '-O', 'qcow2', from, to], signal, 30 * 60_000)
}

export async function convertFromRaw(from: string, to: string, signal?: AbortSignal) {
  await runQemuImg(['convert', '-f', 'raw', '-O', 'qcow2', from, to], signal, 30 * 60_000)
}

export async function convertToRaw(from: string, to: string, signal?: AbortSignal) {
  await runQemuImg(['convert', '-f', 'qcow2', '-O', 'raw', from, to], signal, 30 * 60_000)
}

export async function growDisk(disk: string, sizeMiB: number) {
  await runQemuImg(['resize', '-q', '-f', 'qcow2', disk, `${sizeMiB}M`])
}

/**
 * Inspects an untrusted disk as qcow2, without format probing. Rejects references to other files (a backing file, an
 * external data file), as QEMU would read those with our privileges.
 * @throws {PermanentError} machine.image_broken
 */
export async function inspectDisk(name: string, file: string, signal?: AbortSignal) {
  const text = await runQemuImg(['info', '-f', 'qcow2', '--output=json', file], signal).catch(
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
export async function checkDisk(name: string, file: string, signal?: AbortSignal) {
  await runQemuImg(['check', '-q', '-f', 'qcow2', file], signal, 10 * 60_000).catch((error: AppError) => {
    if (signal?.aborted) throw error
    if (error.details?.exitCode === EXIT_LEAKS_ONLY) return
    throw imageBroken(name, 'it is truncated or corrupt (qemu-img check)', error)
  })
}

export async function createEmptyDisk(disk: string, sizeMiB: number, signal?: AbortSignal) {
  await runQemuImg(['create', '-q', '-f', 'qcow2', disk, `${sizeMiB}M`], signal)
}
