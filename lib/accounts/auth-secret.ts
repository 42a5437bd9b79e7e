import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { config } from '../config/config'
import { readOrCreateFile } from '../process/read-or-create-file'

/** The key that signs sessions: AUTH_SECRET, or one generated on the first start and stored below DATA_DIR. */
export function authSecret() {
  const { AUTH_SECRET, DATA_DIR } = config()
  if (AUTH_SECRET) return AUTH_SECRET
  const file = path.join(DATA_DIR, 'secrets', 'auth')
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  return readOrCreateFile(file, () => randomBytes(32).toString('hex'))
}
