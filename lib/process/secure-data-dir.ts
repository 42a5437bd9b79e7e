import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, statSync } from 'node:fs'

/** Not 0o077: the system user of Postgres may pass through the folder (scripts/postgres-user.ts). */
const ACCESSIBLE_TO_OTHERS = 0o066

const CHMOD_TIMEOUT_MS = 10 * 60_000

/**
 * Makes this process and its children create files that no other user can access, and closes DATA_DIR. One that others
 * could enter, as earlier versions created it, is closed with everything in it. Does nothing to a folder of another user.
 */
export function secureDataDir(dataDir: string) {
  process.umask(0o077)
  mkdirSync(dataDir, { recursive: true })
  const { mode, uid } = statSync(dataDir)
  if (!(mode & ACCESSIBLE_TO_OTHERS) || uid !== process.getuid?.()) return
  // Follows no links inside the folder. Last the folder itself, so that an interrupted run is repeated.
  spawnSync('sh', ['-c', 'chmod -R go-rwx "$0"/* "$0"/.[!.]*', dataDir], {
    stdio: 'ignore',
    timeout: CHMOD_TIMEOUT_MS,
  })
  chmodSync(dataDir, 0o700)
}
