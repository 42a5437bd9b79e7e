import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { AppError } from '@/lib/errors'
import { runProgram } from '@/worker/process/run-program'
import { imageBroken } from '@/worker/machines/drivers/image-errors'

const infoSchema = z.object({
  format: z.string(),
  'virtual-size': z.number(),
  'backing-filename': z.string().optional(),
  'format-specific': z
    .object({ data: z.object({ 'data-file': z.string().optional(), corrupt: z.boolean().optional() }) })
    .optional(),
})

/** qemu-img(1), check: room that is wasted, and nothing else. */
const EXIT_LEAKS_ONLY = 3

const runQemuImg = (args: string[], signal?: AbortSignal, timeoutMs = 60_000) =>
  runProgram({ file: 'qemu-img', args, signal, timeoutMs })

/** Overlays that hold nothing yet are all alike; a machine need not wait for a program that makes another one. */
const emptyOverlays = new Map<string, Buffer>()
const MAX_EMPTY_OVERLAYS = 16

/** A disk that holds only what differs from the one below it. Paths below are written relative to it. */
export async function createOverlay(disk: string, below: string, sizeMiB: number, signal?: AbortSignal) {
  const words = ['-F', 'qcow2', '-b', path.relative(path.dirname(disk), below)]
  const key = JSON.stringify([...words, sizeMiB])
  const empty = emptyOverlays.get(key)
  if (empty) return writeFile(disk, empty, { mode: 0o644, signal })
  await runQemuImg(['create', '-q', '-f', 'qcow2', ...words, disk, `${sizeMiB}M`], signal)
  if (emptyOverlays.size >= MAX_EMPTY_OVERLAYS) emptyOverlays.delete(emptyOverlays.keys().next().value!)
  emptyOverlays.set(key, await readFile(disk))
}

/** One file with everything in it, of a disk that nobody writes to. */
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
 * Looks into a disk file of a stranger, as the one format that is allowed: nothing it says may name
 * another file, which would then be read with our rights.
 * @throws {PermanentError} machine.image_broken
 */
export async function inspectDisk(name: string, file: string, signal?: AbortSignal) {
  const text = await runQemuImg(['info', '-f', 'qcow2', '--output=json', file], signal).catch(
    (error: Error) => {
      if (signal?.aborted) throw error
      throw imageBroken(name, 'it is not a disk in the format qcow2', error)
    },
  )
  const info = infoSchema.parse(JSON.parse(text))
  const data = info['format-specific']?.data
  if (info['backing-filename']) throw imageBroken(name, 'it needs another file below it (a backing file)')
  if (data?.['data-file'])
    throw imageBroken(name, 'it keeps its data in another file (an external data file)')
  if (data?.corrupt) throw imageBroken(name, 'it is marked as corrupt')
  return { diskMiB: Math.ceil(info['virtual-size'] / 1024 ** 2) }
}

/**
 * Follows every table inside: a file that was cut off, or whose parts lie over each other, is found here.
 * @throws {PermanentError} machine.image_broken
 */
export async function checkDisk(name: string, file: string, signal?: AbortSignal) {
  await runQemuImg(['check', '-q', '-f', 'qcow2', file], signal, 10 * 60_000).catch((error: AppError) => {
    if (signal?.aborted) throw error
    if (error.details?.exitCode === EXIT_LEAKS_ONLY) return
    throw imageBroken(name, 'it is cut off or corrupt (qemu-img check)', error)
  })
}

export async function createEmptyDisk(disk: string, sizeMiB: number, signal?: AbortSignal) {
  await runQemuImg(['create', '-q', '-f', 'qcow2', disk, `${sizeMiB}M`], signal)
}
