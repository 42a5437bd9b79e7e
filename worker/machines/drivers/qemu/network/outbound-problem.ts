import { access, constants } from 'node:fs/promises'
import { errorCode, errorMessage } from '@/lib/errors'
import { runProgram } from '@/worker/process/run-program'
import { withOutboundNetwork } from './outbound'
import * as messages from '@/lib/generated/messages/machine-host-texts'

const PROBE_TIMEOUT_MS = 15_000

/**
 * Checks with a short-lived program whether an outbound network can be set up. Returns null, or the problem for the operator.
 */
export async function findOutboundProblem({ isConfined }: { isConfined: boolean }) {
  if (!isConfined) return messages.outboundUnconfined()
  try {
    await runProgram({ file: 'slirp4netns', args: ['--version'], timeoutMs: PROBE_TIMEOUT_MS })
    await access('/dev/net/tun', constants.R_OK | constants.W_OK)
    const [file, ...args] = withOutboundNetwork(['true'], { log: '-', blockedRanges: ['10.0.0.0/8'] })
    await runProgram({ file: file!, args, timeoutMs: PROBE_TIMEOUT_MS })
    return null
  } catch (error) {
    return describeError(error)
  }
}

function describeError(error: unknown) {
  if (errorCode(error) === 'machine.program_missing') return messages.outboundMissing()
  if (String(error).includes('/dev/net/tun')) return messages.outboundNoTun()
  const lastLines = errorMessage(error).split('\n').slice(-2).join(' ')
  return messages.outboundNoNamespace({ value: lastLines })
}
