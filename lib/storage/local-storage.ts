import { randomUUID } from 'node:crypto'
import { copyFile, link, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { notFound } from '../errors'
import { openRegularFile, statRegularFile } from './regular-file'
import type { Storage } from './storage'

/**
 * Stores files in a local folder. A file appears at its path only once it is complete. Symbolic links are neither stored
 * nor followed.
 */
export function createLocalStorage(root: string): Storage {
  const locate = (key: string) => {
    const file = path.resolve(root, key)
    if (!file.startsWith(path.resolve(root) + path.sep)) throw notFound('file')
    return file
  }
  const statFile = async (key: string) => {
    const stats = await statRegularFile(locate(key))
    if (!stats) return null
    return { sizeBytes: stats.size, etag: `"${stats.size.toString(36)}-${stats.mtimeMs.toString(36)}"` }
  }
  const prepareTarget = async (key: string) => {
    const file = locate(key)
    await mkdir(path.dirname(file), { recursive: true })
    return file
  }
  const copy = async (file: string, target: string) => {
    const draft = `${target}.${randomUUID()}.tmp`
    await copyFile(file, draft)
    await rename(draft, target)
  }
  return {
    async put(key, data) {
      const file = await prepareTarget(key)
      const draft = `${file}.${randomUUID()}.tmp`
      await writeFile(draft, data)
      await rename(draft, file)
    },
    async moveIn(key, file) {
      await requireRegularFile(file)
      const target = await prepareTarget(key)
      await rename(file, target).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EXDEV') throw error
        await copy(file, target)
        await rm(file)
      })
    },
    async copyIn(key, file) {
      await requireRegularFile(file)
      const target = await prepareTarget(key)
      // Hard links fail across file systems and on those without links.
      await link(file, target).catch(() => copy(file, target))
    },
    stat: statFile,
    async read(key, range) {
      const handle = await openRegularFile(locate(key))
      if (!handle) throw notFound('file')
      return handle.createReadStream(range)
    },
    async localPath(key) {
      if (!(await statFile(key))) throw notFound('file')
      return locate(key)
    },
    list: (prefix) => readdir(locate(prefix)).catch(() => []),
    async removeAll(prefix) {
      await rm(locate(prefix), { recursive: true, force: true })
    },
  }
}

async function requireRegularFile(file: string) {
  if (!(await statRegularFile(file))) throw new Error(`not a regular file: ${file}`)
}
