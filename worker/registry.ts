import type { TaskHandler } from './handler'
import { handle } from './handler'
import { illustrate } from './video/illustrate'
import { inspect } from './video/inspect'
import { packageDownloads } from './video/package-downloads'
import { transcode } from './video/transcode'

/** One line per kind of task. */
export const handlers: readonly TaskHandler[] = [
  handle(inspect),
  handle(transcode),
  handle(illustrate),
  handle(packageDownloads),
]
