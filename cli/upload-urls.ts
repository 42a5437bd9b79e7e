import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import type { PreviousUpload, UrlStorage } from 'tus-js-client'
import { writePrivateFile } from './settings'

const folder = () =>
  path.join(process.env.XDG_STATE_HOME ?? path.join(homedir(), '.local/state'), 'meanwhile/uploads')

/**
 * Remembers the URLs of unfinished uploads in one file each, so that the next run resumes them. The storage of
 * tus-js-client rewrites one file for all, which a kill would leave damaged.
 */
export const uploadUrls: UrlStorage = {
  findAllUploads: async () => [],
  async findUploadsByFingerprint(fingerprint) {
    const file = fileOf(fingerprint)
    const content = await readFile(file, 'utf8').catch(() => null)
    if (content === null) return []
    return [{ ...(JSON.parse(content) as PreviousUpload), urlStorageKey: file }]
  },
  removeUpload: (file) => rm(file, { force: true }),
  async addUpload(fingerprint, upload) {
    const file = fileOf(fingerprint)
    await writePrivateFile(file, JSON.stringify(upload))
    return file
  },
}

const fileOf = (fingerprint: string) =>
  path.join(folder(), `${createHash('sha256').update(fingerprint).digest('hex')}.json`)
