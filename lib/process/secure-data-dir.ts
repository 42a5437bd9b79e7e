import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, statSync } from 'node:fs'

/** Not 0o077: the system user of Postgres may pass through the folder (scripts/postgres-user.ts). */
const ACCESSIBLE_TO_OTHERS = 0o066

const CHMOD_TIMEOUT_MS = 10 * 60_000

/**
 * Makes this process and its children create files that no other user can access, and closes DATA_DIR. One that others
 * could enter, as earlier versions created it, is closed with everything in it. Does nothing to a folder of another user.
 * @throws {Error} if that takes longer than ten minutes
 */
export function secureDataDir(dataDir: string) {
  process.umask(0o077)
  mkdirSync(dataDir, { recursive: true })
  const { mode, uid } = statSync(dataDir)
  if (!(mode & ACCESSIBLE_TO_OTHERS) || uid !== process.getuid?.()) return
  // Last the folder itself, so that an interrupted run is repeated. Files may disappear meanwhile, which counts as success.
  const chmod = ['-mindepth', '1', '!', '-type', 'l', '-exec', 'chmod', 'go-rwx', '{}', '+']
  const { error } = spawnSync('find', [dataDir, ...chmod], { stdio: 'ignore', timeout: CHMOD_TIMEOUT_MS })
  if (error) throw new Error(`Could not close ${dataDir} to other users.`, { cause: error })
  chmodSync(dataDir, 0o700)
}
