import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { config } from '../config/config'
import { errorCode, errorMessage } from '../errors'

export interface StorageCheck {
  /** The content of the marker, the same for all processes that use this storage; null if it cannot be read. */
  id: string | null
  /** Why the storage cannot be used; null if it can. */
  problem: string | null
}

/** Checks that this process can read and write the configured storage. */
export const checkStorage = () => checkLocalStorage(path.join(config().DATA_DIR, 'storage'))

/** As `checkStorage` for a folder. Creates its marker if it has none. */
export async function checkLocalStorage(root: string): Promise<StorageCheck> {
  const marker = path.join(root, '.storage-id')
  try {
    await mkdir(root, { recursive: true })
    // Fails if another process has created it.
    await writeFile(marker, randomUUID(), { flag: 'wx' }).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error
    })
    const id = await readFile(marker, 'utf8')
    await access(root, constants.R_OK | constants.W_OK | constants.X_OK)
    return { id: id || null, problem: null }
  } catch (error) {
    return { id: null, problem: `The storage cannot be used: ${errorMessage(error)}` }
  }
}
