import { access, constants } from 'node:fs/promises'
import { AppError } from '@/lib/errors'
import { runProgram } from '@/worker/process/run-program'
import { withOutboundNetwork } from './outbound'

const PROBE_TIMEOUT_MS = 15_000

/** Opens a way out for a program that ends at once. Null when machines can have one; else why not, for an administrator. */
export async function findOutboundProblem({ isConfined }: { isConfined: boolean }) {
  if (!isConfined)
    return 'Machines get no internet while their sandbox is switched off: they could reach this server through it.'
  try {
    await runProgram({ file: 'slirp4netns', args: ['--version'], timeoutMs: PROBE_TIMEOUT_MS })
    await access('/dev/net/tun', constants.R_OK | constants.W_OK)
    const [file, ...args] = withOutboundNetwork(['true'], { log: '-', forbidden: ['10.0.0.0/8'] })
    await runProgram({ file: file!, args, timeoutMs: PROBE_TIMEOUT_MS })
    return null
  } catch (error) {
    return `Machines get no internet here: ${describeError(error)}`
  }
}

function describeError(error: unknown) {
  if (error instanceof AppError && error.code === 'machine.program_missing')
    return 'slirp4netns is missing. sudo apt-get install --no-install-recommends slirp4netns iproute2'
  if (String(error).includes('/dev/net/tun'))
    return '/dev/net/tun is missing or closed to the user that runs this worker.'
  const words = error instanceof AppError ? error.message : String(error)
  return `a network of their own could not be made (${words.split('\n').slice(-2).join(' ')}).`
}
