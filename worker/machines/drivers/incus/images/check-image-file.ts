import { open } from 'node:fs/promises'
import { errorCode } from '@/lib/errors'
import { runProgram } from '@/worker/process/run-program'
import { imageBroken } from '../../machine-errors'
import type { ImageFile } from './image-files'
import * as messages from '@/lib/generated/messages/machine-image-problems'

const LIST_TIMEOUT_MS = 60 * 60_000
const HEADER_BYTES = 104
/** https://www.qemu.org/docs/master/interop/qcow2.html */
const QCOW2_MAGIC = 0x51_46_49_fb
const QCOW2_CORRUPT_OR_EXTERNAL = 0b110n
/** Little-endian. https://www.kernel.org/doc/html/latest/filesystems/squashfs.html */
const SQUASHFS_MAGIC = 0x73_71_73_68

/**
 * Finds damage that the cluster would only report when a machine is created, and disks that refer to other files, which it
 * would read with its own permissions.
 * @throws {PermanentError} machine.image_broken
 */
export async function checkImageFile(file: ImageFile, signal: AbortSignal) {
  if (file.problem) throw imageBroken(file.name, file.problem)
  if (file.metadataPath) await checkArchive(file.name, file.metadataPath, signal)
  if (file.format === 'archive') return checkArchive(file.name, file.path, signal)
  const problem = (file.format === 'qcow2' ? findDiskProblem : findSquashfsProblem)(
    await readHeader(file.path),
    file.sizeBytes,
  )
  if (problem) throw imageBroken(file.name, problem)
}

/** Reads it to its end: its compression has checksums. */
async function checkArchive(name: string, path: string, signal: AbortSignal) {
  const args = ['--list', '--force-local', '--file', path]
  await runProgram({ file: 'tar', args, timeoutMs: LIST_TIMEOUT_MS, signal }).catch((error: unknown) => {
    if (errorCode(error) === 'machine.program_failed') throw imageBroken(name, messages.damaged(), error)
    throw error
  })
}

async function readHeader(path: string) {
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0)
    return bytesRead < HEADER_BYTES ? undefined : buffer
  } finally {
    await handle.close()
  }
}

function findDiskProblem(header: Buffer | undefined, sizeBytes: number) {
  if (header?.readUInt32BE(0) !== QCOW2_MAGIC) return messages.notQcow2()
  if (header.readBigUInt64BE(8) !== 0n) return messages.refersToBacking()
  const isVersion3 = header.readUInt32BE(4) >= 3
  if (isVersion3 && (header.readBigUInt64BE(72) & QCOW2_CORRUPT_OR_EXTERNAL) !== 0n)
    return messages.corruptOrExternal()
  const tables = [header.readBigUInt64BE(40), header.readBigUInt64BE(48)]
  return tables.some((offset) => offset >= BigInt(sizeBytes)) ? messages.damaged() : undefined
}

function findSquashfsProblem(header: Buffer | undefined, sizeBytes: number) {
  if (header?.readUInt32LE(0) !== SQUASHFS_MAGIC) return messages.noSquashfs()
  return header.readBigUInt64LE(40) > BigInt(sizeBytes) ? messages.damaged() : undefined
}
