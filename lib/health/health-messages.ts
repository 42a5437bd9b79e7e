/** What health tells, in words for the administrator. */
export function healthMessage(missing: string) {
  if (missing.startsWith('sandbox')) return missing.slice('sandbox: '.length)
  if (missing === 'worker') return 'No worker is running: what is asked for waits until one is.'
  if (missing === 'mail: down')
    return 'No mail leaves: the mail server takes nothing. Mails wait until it does.'
  if (missing === 'mail: ambiguous')
    return 'It is not known of every mail whether it left. Somebody has to say.'
  return `Missing: ${missing}.`
}
