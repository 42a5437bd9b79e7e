import { randomUUID } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { copyFile, link, lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { notFound } from '../errors'
import { handleLater } from './handle-later'
import { openRegularFile, statRegularFile } from './regular-file'
import type { Storage } from './storage'
import { requireValidKey } from './valid-key'

/** What a write or removal that was interrupted leaves behind: `<name>.<uuid>.tmp`, a file or a folder. */
const DRAFT_PATTERN = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/

/**
 * Stores files in a local folder. A file appears at its path only once it is complete. Symbolic links are neither stored
 * nor followed.
 */
export function createLocalStorage(root: string): Storage {
  const locate = (key: string) => path.join(root, requireValidKey(key))
  const locateFolder = (prefix: string) => (prefix === '' ? root : locate(prefix))
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
  /** Runs `write` with the path of a draft, which then becomes the file; nothing remains of it after an error. */
  const replace = async (key: string, write: (draft: string) => Promise<unknown>) => {
    const file = await prepareTarget(key)
    const draft = draftPath(file)
    try {
      await write(draft)
      await rename(draft, file)
    } finally {
      // Also after success: renaming a link to the file that it names does nothing (rename(2)).
      await rm(draft, { force: true })
    }
  }
  return {
    name: 'local',
    target: root,
    async put(key, data, { signal } = {}) {
      signal?.throwIfAborted()
      await replace(key, (draft) => writeFile(draft, data, { signal }))
    },
    async moveIn(key, file, { signal } = {}) {
      await requireRegularFile(file)
      signal?.throwIfAborted()
      const target = await prepareTarget(key)
      await rename(file, target).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EXDEV') throw error
        await replace(key, (draft) => copyFile(file, draft))
        await rm(file)
      })
    },
    async copyIn(key, file, { signal } = {}) {
      await requireRegularFile(file)
      signal?.throwIfAborted()
      // Hard links fail across file systems and on those without links.
      await replace(key, (draft) => link(file, draft).catch(() => copyFile(file, draft)))
    },
    stat: (key) => statFile(key),
    async read(key, { range, signal } = {}) {
      signal?.throwIfAborted()
      const handle = await openRegularFile(locate(key))
      if (!handle) throw notFound('file')
      return handleLater(handle.createReadStream({ ...range, signal }))
    },
    async withLocalFile({ key, signal }, work) {
      signal.throwIfAborted()
      if (!(await statFile(key))) throw notFound('file')
      return work(locate(key))
    },
    async list(prefix) {
      const names = await readdir(locateFolder(prefix)).catch(() => [])
      return names.filter((name) => !DRAFT_PATTERN.test(name))
    },
    async *walk(prefix) {
      for await (const entry of listBelow(locateFolder(prefix))) {
        const names = path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep)
        if (!entry.isFile() || names.some((name) => DRAFT_PATTERN.test(name))) continue
        const key = names.join('/')
        const stats = await statFile(key)
        if (stats) yield { key, sizeBytes: stats.sizeBytes }
      }
    },
    async removeAll(prefix) {
      // Moved away first: a folder into which a worker still writes could not be removed (ENOTEMPTY).
      const draft = draftPath(locate(prefix))
      await rename(locate(prefix), draft).catch(ignoreMissing)
      await rm(draft, { recursive: true, force: true })
    },
    async removeUnfinished(prefix, before) {
      let removed = 0
      for await (const entry of listBelow(locateFolder(prefix))) {
        if (!DRAFT_PATTERN.test(entry.name)) continue
        const draft = path.join(entry.parentPath, entry.name)
        const stats = await lstat(draft).catch(ignoreMissing)
        if (!stats || stats.mtime >= before) continue
        await rm(draft, { recursive: true, force: true })
        removed++
      }
      return removed
    },
  }
}

const draftPath = (file: string) => `${file}.${randomUUID()}.tmp`

/** What a folder contains, one folder at a time: a storage has millions of files. Skips folders that are gone. */
async function* listBelow(dir: string): AsyncGenerator<Dirent> {
  for (const entry of await readdir(dir, { withFileTypes: true }).catch(() => [])) {
    yield entry
    if (entry.isDirectory()) yield* listBelow(path.join(dir, entry.name))
  }
}

function ignoreMissing(error: NodeJS.ErrnoException) {
  if (error.code !== 'ENOENT') throw error
}

async function requireRegularFile(file: string) {
  if (!(await statRegularFile(file))) throw new Error(`not a regular file: ${file}`)
}
