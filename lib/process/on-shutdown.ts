/**
 * Calls `end` once on SIGTERM or SIGINT, or when the parent process exits. Call it before starting anything: until
 * then a signal ends the process at once, and an earlier exit of the parent is only detected here.
 */
export function onShutdown(end: () => Promise<void>) {
  let isEnding = false
  const endOnce = () => {
    if (isEnding) return
    isEnding = true
    void end()
  }
  process.once('SIGTERM', endOnce)
  process.once('SIGINT', endOnce)
  process.once('disconnect', endOnce)
  // Undefined without an IPC channel to a parent.
  if (process.connected === false) endOnce()
}
