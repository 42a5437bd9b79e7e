import { caption } from './captions/caption'
import { subtitles } from './captions/subtitles'
import type { TaskHandler } from './handler'
import { handle } from './handler'
import { execute } from './machines/execute'
import { provision } from './machines/provision'
import { reboot, resize, start, stop } from './machines/power'
import { takeSnapshot } from './machines/snapshot'
import { terminate } from './machines/terminate'
import { sendHandlers } from './mail/send'
import { illustrate } from './video/illustrate'
import { inspect } from './video/inspect'
import { packageDownloads } from './video/package-downloads'
import { transcode } from './video/transcode'
import { deliver } from './webhooks/deliver'

/** One line per kind of task. */
const all: readonly TaskHandler[] = [
  handle(deliver),
  handle(inspect),
  handle(transcode),
  handle(illustrate),
  handle(packageDownloads),
  handle(provision),
  handle(start),
  handle(stop),
  handle(reboot),
  handle(resize),
  handle(terminate),
  handle(takeSnapshot),
  handle(execute),
  ...sendHandlers,
  handle(caption),
  handle(subtitles),
]

export const handlers: ReadonlyMap<string, TaskHandler> = new Map(
  all.map((handler) => [handler.kind.name, handler]),
)
