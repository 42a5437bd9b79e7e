import * as messages from '../generated/messages/health-messages'

/** Returns the message for an entry of `missing` or `warnings` of the health check. */
export function healthMessage(problem: string) {
  if (problem.startsWith('sandbox')) return problem.slice('sandbox: '.length)
  if (problem === 'worker') return messages.noWorker()
  if (problem === 'worker: draining') return messages.draining()
  if (problem.startsWith('queue: ')) return messages.untaken({ queue: problem.slice('queue: '.length) })
  if (problem.startsWith('storage: ')) return messages.storage({ host: problem.slice('storage: '.length) })
  if (problem === 'mail: down') return messages.mailDown()
  if (problem === 'mail: ambiguous') return messages.mailAmbiguous()
  return messages.missing({ problem })
}
