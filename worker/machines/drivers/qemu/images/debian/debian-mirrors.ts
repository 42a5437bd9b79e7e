import { AppError } from '@/lib/errors'
import { runProgram } from '@/worker/process/run-program'
import { withPackageLists } from '../debian-packages'

const APT_TIMEOUT_MS = 60_000
const INDEX_FORMAT = '$(REPO_URI) $(CODENAME) $(COMPONENT) $(ORIGIN)'

/**
 * Lines of a sources.list for `release` ("bookworm"), from the mirrors that this host's own apt uses.
 * A mirror with a password in its address is left out: it would be written into the image.
 * @throws {AppError} machine.packages_unavailable where the host is no Debian
 */
export function listDebianMirrors(given: { release: string; workDir: string; signal: AbortSignal }) {
  const { release, workDir, signal } = given
  return withPackageLists(workDir, signal, async (options) => {
    const args = [...options, 'indextargets', '--format', INDEX_FORMAT, 'Created-By: Packages']
    const lines = (await runProgram({ file: 'apt-get', args, timeoutMs: APT_TIMEOUT_MS, signal })).split('\n')
    const mirrors = lines.flatMap((line) => {
      const [uri, codename, component, origin] = line.split(' ')
      if (origin !== 'Debian' || !/^https?:\/\/[^@]+$/.test(uri ?? '')) return []
      // A mirror holds all releases; the host's own may be another one.
      return [`deb ${uri} ${codename!.replace(/^[a-z]+/, release)} ${component}`]
    })
    if (mirrors.length === 0) throw noMirrorKnown()
    return [...new Set(mirrors)]
  })
}

const noMirrorKnown = () =>
  new AppError({
    code: 'machine.packages_unavailable',
    message: 'apt on this server knows no mirror of Debian.',
    status: 503,
  })
