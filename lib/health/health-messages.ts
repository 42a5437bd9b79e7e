/** Returns the message for an entry of `missing` or `warnings` of the health check. */
export function healthMessage(missing: string) {
  if (missing.startsWith('sandbox')) return missing.slice('sandbox: '.length)
  if (missing === 'worker') return 'No worker is running. Tasks wait until one starts.'
  if (missing === 'mail: down')
    return 'The mail server rejects all mail. Mails wait until it accepts them again.'
  if (missing === 'mail: ambiguous')
    return 'The delivery of some mails is unknown. An administrator must review them.'
  return `Missing: ${missing}.`
}
