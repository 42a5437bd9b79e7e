import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { AppError, errorMessage } from '@/lib/errors'
import { runProgram } from '@/worker/process/run-program'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

const DOWNLOAD_TIMEOUT_MS = 10 * 60_000
const UNPACK_TIMEOUT_MS = 2 * 60_000

interface UnpackOptions {
  /** Kernel metapackage; the kernel package that it depends on is unpacked. */
  kernel?: string
  others: string[]
  /** Empty folder for the downloads. */
  workDir: string
  target: string
  signal: AbortSignal
}

/**
 * Downloads Debian packages and unpacks them into `target`. Nothing is installed: the host's own system, above all its boot
 * loader, does not change.
 * @throws {AppError} machine.packages_unavailable
 */
export async function unpackDebianPackages({ kernel, others, workDir, target, signal }: UnpackOptions) {
  await withPackageLists({ workDir, signal }, async (options) => {
    const run = (file: string, args: string[]) =>
      runProgram({ file, args: [...options, ...args], cwd: workDir, timeoutMs: DOWNLOAD_TIMEOUT_MS, signal })
    const packages = [...others]
    if (kernel) {
      const depends = await run('apt-cache', ['depends', kernel])
      const kernelPackage = /^\s*Depends: (linux-image-\S+)/m.exec(depends)?.[1]
      if (!kernelPackage) throw packagesUnavailable(`apt does not know ${kernel}`)
      packages.push(kernelPackage)
    }
    await run('apt-get', ['download', '-q', ...packages])
  })
  const archives = (await readdir(workDir)).filter((name) => name.endsWith('.deb'))
  for (const name of archives)
    await runProgram({
      file: 'dpkg-deb',
      args: ['-x', path.join(workDir, name), target],
      timeoutMs: UNPACK_TIMEOUT_MS,
      signal,
    })
}

/**
 * Runs `work` with the package lists of the host. If that fails, as the lists may be missing or outdated, runs it again with
 * lists downloaded to `workDir`, which needs no privileges.
 * @throws {AppError} machine.packages_unavailable
 */
export async function withPackageLists<T>(
  { workDir, signal }: { workDir: string; signal: AbortSignal },
  work: (aptOptions: string[]) => Promise<T>,
) {
  try {
    return await work([])
  } catch (error) {
    signal.throwIfAborted()
    const retry = async () => work(await downloadPackageLists(workDir, signal))
    return retry().catch((retryError: unknown) => {
      throw signal.aborted ? signal.reason : packagesUnavailable(errorMessage(retryError), error)
    })
  }
}

async function downloadPackageLists(workDir: string, signal: AbortSignal) {
  const [state, cache] = [path.join(workDir, 'apt-state'), path.join(workDir, 'apt-cache')]
  for (const dir of [`${state}/lists/partial`, `${cache}/archives/partial`])
    await mkdir(dir, { recursive: true })
  const options = ['-o', `Dir::State=${state}`, '-o', `Dir::Cache=${cache}`]
  options.push('-o', 'Dir::State::status=/var/lib/dpkg/status')
  await runProgram({ file: 'apt-get', args: [...options, 'update'], timeoutMs: DOWNLOAD_TIMEOUT_MS, signal })
  return options
}

const packagesUnavailable = (reason: string, cause?: unknown) =>
  new AppError({
    code: 'machine.packages_unavailable',
    message: messages.packagesUnavailable({ reason }),
    status: 503,
    cause,
  })
