import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { config } from '../config/config'
import { errorCode } from '@/lib/errors'

/** Signs sessions: AUTH_SECRET, or one made on the first start and kept under DATA_DIR. */
export function authSecret() {
  const given = config().AUTH_SECRET
  if (given) return given
  const file = path.join(config().DATA_DIR, 'secrets', 'auth')
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  try {
    writeFileSync(file, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
  return readFileSync(file, 'utf8')
}
