import path from 'node:path'
import { config } from '@/lib/config/config'

/** Runs `npm run backup` or `npm run restore` and prints its result, or the error with exit code 1. */
export async function runBackupCommand(
  name: 'backup' | 'restore',
  work: (options: { dir: string; dataDir: string }) => Promise<string>,
) {
  const [dir] = process.argv.slice(2)
  process.umask(0o077)
  try {
    if (!dir) throw new Error(`Usage: npm run ${name} -- DIR`)
    process.stdout.write(`${await work({ dir: path.resolve(dir), dataDir: config().DATA_DIR })}\n`)
  } catch (error) {
    const title = name === 'backup' ? 'Backup' : 'Restore'
    process.stderr.write(`${title} failed: ${(error as Error).message}\n`)
    process.exitCode = 1
  }
}
