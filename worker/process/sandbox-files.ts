import { lstat } from 'node:fs/promises'
import path from 'node:path'
import { PermanentError } from '@/lib/errors'
import { openRegularFile, statRegularFile } from '@/lib/storage/regular-file'
import * as messages from '@/lib/generated/messages/worker-errors'

const FILE_NAME_PATTERN = /^\w[\w.-]*$/

/**
 * The path of a file that a sandboxed program was to write into `dir`; null if it wrote none. The program may have been
 * taken over by its input, so anything but a regular file without other hard links is refused: a symbolic link would be
 * followed outside the sandbox. Call it only after all processes of the sandbox have ended.
 * @throws {PermanentError} sandbox.unexpected_file
 */
export async function findSandboxFile(dir: string, name: string) {
  if (!FILE_NAME_PATTERN.test(name)) throw new Error(`invalid name of a sandbox file: ${name}`)
  const file = path.join(dir, name)
  const stats = await statRegularFile(file)
  if (stats?.nlink === 1) return file
  if (stats || !(await isAbsent(file))) throw unexpectedFile(name)
  return null
}

/** Like `findSandboxFile`, for a file that must exist. @throws {PermanentError} sandbox.unexpected_file */
export async function requireSandboxFile(dir: string, name: string) {
  const file = await findSandboxFile(dir, name)
  if (!file) throw unexpectedFile(name)
  return file
}

/** Reads such a file, at most `maxBytes`. @throws {PermanentError} sandbox.unexpected_file */
export async function readSandboxFile(
  { dir, name }: { dir: string; name: string },
  { maxBytes }: { maxBytes: number },
) {
  const handle = await openRegularFile(await requireSandboxFile(dir, name))
  if (!handle) throw unexpectedFile(name)
  try {
    const { size } = await handle.stat()
    const bytes = Buffer.alloc(Math.min(size, maxBytes))
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0)
    return bytes.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

const isAbsent = (file: string) =>
  lstat(file).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  )

const unexpectedFile = (name: string) =>
  new PermanentError({
    code: 'sandbox.unexpected_file',
    message: messages.unexpectedFile({ name }),
    advice: messages.unexpectedFileAdvice(),
  })
