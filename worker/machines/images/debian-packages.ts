import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@/lib/errors'
import { runProgram } from '../run-program'

const DOWNLOAD_MS = 10 * 60_000

/**
 * Unpacks packages of this Debian below `target`, without installing anything: the host's own system,
 * and its boot loader above all, stay as they are. A kernel's metapackage stands for the one it needs.
 * @throws {AppError} machine.packages_unavailable
 */
export async function unpackPackages(given: {
  kernel: string
  others: string[]
  /** Empty folder for the downloads. */
  workDir: string
  target: string
  signal: AbortSignal
}) {
  const { kernel, others, workDir, target, signal } = given
  const apt = async (options: string[]) => {
    const run = (file: string, args: string[]) =>
      runProgram({ file, args: [...options, ...args], cwd: workDir, timeoutMs: DOWNLOAD_MS, signal })
    const depends = await run('apt-cache', ['depends', kernel])
    const real = /^\s*Depends: (linux-image-\S+)/m.exec(depends)?.[1]
    if (!real) throw unavailable(`apt does not know ${kernel}`)
    await run('apt-get', ['download', '-q', real, ...others])
  }
  try {
    await apt([])
  } catch (error) {
    signal.throwIfAborted()
    // The host's lists are missing or too old: lists of our own, which need nobody's rights.
    await apt(await ownLists(workDir, signal)).catch((again: unknown) => {
      throw signal.aborted ? signal.reason : unavailable(wordsOf(again), error)
    })
  }
  const packages = (await readdir(workDir)).filter((name) => name.endsWith('.deb'))
  for (const name of packages)
    await runProgram({
      file: 'dpkg-deb',
      args: ['-x', path.join(workDir, name), target],
      timeoutMs: 120_000,
      signal,
    })
}

async function ownLists(workDir: string, signal: AbortSignal) {
  const [state, cache] = [path.join(workDir, 'apt-state'), path.join(workDir, 'apt-cache')]
  for (const dir of [`${state}/lists/partial`, `${cache}/archives/partial`])
    await mkdir(dir, { recursive: true })
  const options = ['-o', `Dir::State=${state}`, '-o', `Dir::Cache=${cache}`]
  options.push('-o', 'Dir::State::status=/var/lib/dpkg/status')
  await runProgram({ file: 'apt-get', args: [...options, 'update'], timeoutMs: DOWNLOAD_MS, signal }).catch(
    (error: unknown) => {
      throw signal.aborted ? signal.reason : unavailable(wordsOf(error), error)
    },
  )
  return options
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

const unavailable = (why: string, cause?: unknown) =>
  new AppError({
    code: 'machine.packages_unavailable',
    message: `The image is made from Debian's packages, and they could not be fetched: ${why}`,
    status: 503,
    cause,
  })
