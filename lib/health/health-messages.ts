/** Returns the message for an entry of `missing` or `warnings` of the health check. */
export function healthMessage(problem: string) {
  if (problem.startsWith('sandbox')) return problem.slice('sandbox: '.length)
  if (problem === 'worker') return 'No worker is running. Tasks wait until one starts.'
  if (problem === 'worker: draining')
    return 'A worker is of an older version than the database and takes no tasks. Update and restart it.'
  if (problem.startsWith('queue: '))
    return `No worker takes tasks from the queue ${problem.slice('queue: '.length)}. They wait until one does.`
  if (problem.startsWith('storage: '))
    return `A process on ${problem.slice('storage: '.length)} cannot use the storage of the others. It takes no tasks that need files.`
  if (problem === 'mail: down')
    return 'The mail server rejects all mail. Mails wait until it accepts them again.'
  if (problem === 'mail: ambiguous')
    return 'The delivery of some mails is unknown. An administrator must review them.'
  return `Missing: ${problem}.`
}
