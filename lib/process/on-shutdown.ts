/**
 * Calls `end` once when this process is asked to end, or when the process that started it is gone. Called before
 * anything is begun: until then a signal ends the process at once, and nobody is told later of who went meanwhile.
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
  // Undefined where nobody holds the other end.
  if (process.connected === false) endOnce()
}
