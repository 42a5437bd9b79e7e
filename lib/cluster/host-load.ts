import { availableParallelism, freemem, loadavg, totalmem } from 'node:os'

/** The load of this computer and the memory of this process. Sizes are in bytes. */
export function readHostLoad() {
  const memoryTotalBytes = totalmem()
  return {
    load: loadavg()[0]!,
    cpus: availableParallelism(),
    memoryTotalBytes,
    memoryUsedBytes: memoryTotalBytes - freemem(),
    rssBytes: process.memoryUsage.rss(),
  }
}
