import { AppError } from '@/lib/errors'
import { runProgram } from '@/worker/process/run-program'
import { withPackageLists } from '../debian-packages'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

const APT_TIMEOUT_MS = 60_000
const INDEX_FORMAT = '$(REPO_URI) $(CODENAME) $(COMPONENT) $(ORIGIN)'

/**
 * Returns sources.list lines for `release` (such as "bookworm") with the mirrors of the host's apt. Skips mirrors with
 * credentials in their URL, which would end up in the image.
 * @throws {AppError} machine.packages_unavailable when the host is not Debian
 */
export function listDebianMirrors(options: { release: string; workDir: string; signal: AbortSignal }) {
  const { release, workDir, signal } = options
  return withPackageLists({ workDir, signal }, async (aptOptions) => {
    const args = [...aptOptions, 'indextargets', '--format', INDEX_FORMAT, 'Created-By: Packages']
    const lines = (await runProgram({ file: 'apt-get', args, timeoutMs: APT_TIMEOUT_MS, signal })).split('\n')
    const mirrors = lines.flatMap((line) => {
      const [uri, codename, component, origin] = line.split(' ')
      if (origin !== 'Debian' || !/^https?:\/\/[^@]+$/.test(uri ?? '')) return []
      // A mirror has all releases; the host may run another one.
      return [`deb ${uri} ${codename!.replace(/^[a-z]+/, release)} ${component}`]
    })
    if (mirrors.length === 0) throw noDebianMirror()
    return [...new Set(mirrors)]
  })
}

const noDebianMirror = () =>
  new AppError({
    code: 'machine.packages_unavailable',
    message: messages.noMirror(),
    status: 503,
  })
