import { parseArgs } from 'node:util'
import { type Config, config } from '@/lib/config/config'
import { errorMessage } from '@/lib/errors'
import { openStorage } from '@/lib/storage/configured-storage'
import { describeStorageError } from '@/lib/storage/errors'
import { formatBytes } from '@/lib/text/format-bytes'
import { copyStorage, type CopyProgress, type CopyResult } from './copy-storage'
import { openJournal } from './journal'

// `npm run storage -- copy --from local --to s3`, or back. It may run while the app does, and be repeated.

const USAGE = 'Usage: npm run storage -- copy --from local --to s3 (or --from s3 --to local)'
const PROGRESS_INTERVAL_MS = 1_000
const MAX_LISTED = 20
const PATIENCE_MS = 2 * 60_000

const stop = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => stop.abort(new Error('Interrupted. Run the command again to continue.')))
process.umask(0o077)

try {
  const { from, to } = readArguments()
  const settings = config()
  const open = (STORAGE: Config['STORAGE']) =>
    openStorage({ ...settings, STORAGE }, { patienceMs: PATIENCE_MS })
  const storages = [await open(from), await open(to)] as const
  process.stdout.write(`From ${storages[0].target}\nto ${storages[1].target}\n`)
  const result = await copyStorage({
    from: storages[0],
    to: storages[1],
    journal: await openJournal(settings.DATA_DIR, storages),
    signal: stop.signal,
    onProgress: createPrinter(),
  })
  process.stdout.write(describe(result))
  process.exitCode = result.differing.length > 0 ? 1 : 0
} catch (error) {
  const reason = describeStorageError(error)
  process.stderr.write(`${stop.signal.aborted ? errorMessage(stop.signal.reason) : reason}\n`)
  process.exitCode = 1
}

function readArguments() {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { from: { type: 'string' }, to: { type: 'string' } },
  })
  const { from, to } = values
  const isStorage = (name?: string): name is Config['STORAGE'] => name === 'local' || name === 's3'
  if (positionals.join() !== 'copy' || !isStorage(from) || !isStorage(to) || from === to)
    throw new Error(USAGE)
  return { from, to }
}

function createPrinter() {
  let printedAt = 0
  return ({ doneFiles, totalFiles, doneBytes, totalBytes }: CopyProgress) => {
    if (Date.now() - printedAt < PROGRESS_INTERVAL_MS && doneFiles < totalFiles) return
    printedAt = Date.now()
    process.stdout.write(
      `${doneFiles} of ${totalFiles} files, ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}\n`,
    )
  }
}

function describe({ copied, verified, unchanged, differing, onlyInTarget }: CopyResult) {
  const list = (title: string, keys: string[]) =>
    keys.length === 0
      ? ''
      : `${keys.length} ${title}:\n${keys
          .slice(0, MAX_LISTED)
          .map((key) => `  ${key}\n`)
          .join('')}${keys.length > MAX_LISTED ? '  …\n' : ''}`
  const summary = `${copied} copied and verified, ${verified} found identical, ${unchanged} unchanged since an earlier run.\n`
  return summary + list('differ in the target', differing) + list('only in the target, kept', onlyInTarget)
}
