/** Returns the message for an entry of `missing` or `warnings` of the health check. */
export function healthMessage(problem: string) {
  if (problem.startsWith('sandbox')) return problem.slice('sandbox: '.length)
  if (problem === 'worker') return 'No worker is running. Tasks wait until one starts.'
  if (problem === 'mail: down')
    return 'The mail server rejects all mail. Mails wait until it accepts them again.'
  if (problem === 'mail: ambiguous')
    return 'The delivery of some mails is unknown. An administrator must review them.'
  return `Missing: ${problem}.`
}
