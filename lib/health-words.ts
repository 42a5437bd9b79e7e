/** What health tells, in words for the administrator. */
export function healthText(missing: string) {
  if (missing.startsWith('sandbox')) return missing.slice('sandbox: '.length)
  if (missing === 'worker') return 'No worker is running: what is asked for waits until one is.'
  return `Missing: ${missing}.`
}
