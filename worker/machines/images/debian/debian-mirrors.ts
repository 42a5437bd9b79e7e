import { AppError } from '@/lib/errors'
import { runProgram } from '../../run-program'
import { withLists } from '../debian-packages'

const ASK_MS = 60_000
const FORMAT = '$(REPO_URI) $(CODENAME) $(COMPONENT) $(ORIGIN)'

/**
 * Lines of a sources.list for `release` ("bookworm"), from the mirrors that this host's own apt uses.
 * A mirror with a password in its address is left out: it would be written into the image.
 * @throws {AppError} machine.packages_unavailable where the host is no Debian
 */
export function debianMirrors(given: { release: string; workDir: string; signal: AbortSignal }) {
  const { release, workDir, signal } = given
  return withLists(workDir, signal, async (options) => {
    const args = [...options, 'indextargets', '--format', FORMAT, 'Created-By: Packages']
    const lines = (await runProgram({ file: 'apt-get', args, timeoutMs: ASK_MS, signal })).split('\n')
    const mirrors = lines.flatMap((line) => {
      const [uri, codename, component, origin] = line.split(' ')
      if (origin !== 'Debian' || !/^https?:\/\/[^@]+$/.test(uri ?? '')) return []
      // A mirror holds all releases; the host's own may be another one.
      return [`deb ${uri} ${codename!.replace(/^[a-z]+/, release)} ${component}`]
    })
    if (mirrors.length === 0) throw noDebian()
    return [...new Set(mirrors)]
  })
}

const noDebian = () =>
  new AppError({
    code: 'machine.packages_unavailable',
    message: 'apt on this server knows no mirror of Debian.',
    status: 503,
  })
