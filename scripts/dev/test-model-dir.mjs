import { homedir } from 'node:os'
import path from 'node:path'

const cacheDir = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache')

/** Folder of the speech models that tests use. */
export const testModelDir = path.resolve(
  process.env.TEST_MODEL_DIR || path.join(cacheDir, 'meanwhile/test-models'),
)
