import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@/lib/errors'
import { runProgram } from '@/worker/process/run-program'

const DOWNLOAD_TIMEOUT_MS = 10 * 60_000

/**
 * Unpacks packages of this Debian below `target`, without installing anything: the host's own system,
 * and its boot loader above all, stay as they are. A kernel's metapackage stands for the one it needs.
 * @throws {AppError} machine.packages_unavailable
 */
export async function unpackDebianPackages(given: {
  kernel?: string
  others: string[]
  /** Empty folder for the downloads. */
  workDir: string
  target: string
  signal: AbortSignal
}) {
  const { kernel, others, workDir, target, signal } = given
  await withPackageLists(workDir, signal, async (options) => {
    const run = (file: string, args: string[]) =>
      runProgram({ file, args: [...options, ...args], cwd: workDir, timeoutMs: DOWNLOAD_TIMEOUT_MS, signal })
    const wanted = [...others]
    if (kernel) {
      const depends = await run('apt-cache', ['depends', kernel])
      const real = /^\s*Depends: (linux-image-\S+)/m.exec(depends)?.[1]
      if (!real) throw packagesUnavailable(`apt does not know ${kernel}`)
      wanted.push(real)
    }
    await run('apt-get', ['download', '-q', ...wanted])
  })
  const packages = (await readdir(workDir)).filter((name) => name.endsWith('.deb'))
  for (const name of packages)
    await runProgram({
      file: 'dpkg-deb',
      args: ['-x', path.join(workDir, name), target],
      timeoutMs: 120_000,
      signal,
    })
}

/**
 * Does `work` with the host's package lists, and where that fails with lists of our own below `workDir`:
 * the host's may be missing or too old, and ours need nobody's rights.
 * @throws {AppError} machine.packages_unavailable
 */
export async function withPackageLists<T>(
  workDir: string,
  signal: AbortSignal,
  work: (aptOptions: string[]) => Promise<T>,
) {
  try {
    return await work([])
  } catch (error) {
    signal.throwIfAborted()
    const again = async () => work(await updateOwnLists(workDir, signal))
    return again().catch((later: unknown) => {
      throw signal.aborted ? signal.reason : packagesUnavailable(messageOf(later), error)
    })
  }
}

async function updateOwnLists(workDir: string, signal: AbortSignal) {
  const [state, cache] = [path.join(workDir, 'apt-state'), path.join(workDir, 'apt-cache')]
  for (const dir of [`${state}/lists/partial`, `${cache}/archives/partial`])
    await mkdir(dir, { recursive: true })
  const options = ['-o', `Dir::State=${state}`, '-o', `Dir::Cache=${cache}`]
  options.push('-o', 'Dir::State::status=/var/lib/dpkg/status')
  await runProgram({ file: 'apt-get', args: [...options, 'update'], timeoutMs: DOWNLOAD_TIMEOUT_MS, signal })
  return options
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

const packagesUnavailable = (why: string, cause?: unknown) =>
  new AppError({
    code: 'machine.packages_unavailable',
    message: `The image is made from Debian's packages, and they could not be fetched: ${why}`,
    status: 503,
    cause,
  })
