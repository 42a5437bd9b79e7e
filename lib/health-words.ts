/** What is missing, in words for the administrator. The first is the worst. */
export function missingText(missing: string) {
  if (missing.startsWith('sandbox'))
    return `Uploaded files are not isolated from this machine. ${missing.slice('sandbox: '.length)}`
  if (missing === 'worker') return 'No worker is running: what is asked for waits until one is.'
  return `Missing: ${missing}.`
}
