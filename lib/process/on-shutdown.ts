/**
 * Calls `shutDown` once, on SIGTERM, on SIGINT, or when the parent process exits. Must be called before anything is
 * started: until then a signal ends the process at once, and a parent that has already exited is detected only here.
 * @returns a function that shuts down likewise
 */
export function onShutdown(shutDown: () => Promise<void>) {
  let isShuttingDown = false
  const shutDownOnce = () => {
    if (isShuttingDown) return
    isShuttingDown = true
    void shutDown()
  }
  process.once('SIGTERM', shutDownOnce)
  process.once('SIGINT', shutDownOnce)
  process.once('disconnect', shutDownOnce)
  // Undefined without an IPC channel to a parent.
  if (process.connected === false) shutDownOnce()
  return shutDownOnce
}
