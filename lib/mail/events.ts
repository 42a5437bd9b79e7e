import { captionVideo } from '../captions/kinds'
import { provisionMachine } from '../machines/kinds'
import { transcodeVideo } from '../videos/kinds'
import type { MailEvent } from './event-names'

/** How a task that ended is told of. Kinds and ends that are not named are not told of. */
export interface ToldEnds {
  done?: MailEvent
  failed?: MailEvent
  /** Whether what came of it is worth a mail; everything, if it does not say. */
  isWorthTelling?: (result: unknown) => boolean
}

/**
 * A video is ready when it is transcoded: then it is watchable and has all its renditions, and pictures and
 * downloads need nobody. When its file cannot be read, the transcode that waited for it fails with it.
 */
export const toldEnds: Readonly<Record<string, ToldEnds>> = {
  [transcodeVideo.name]: { done: 'video.ready', failed: 'video.failed' },
  // Where nobody speaks there is nothing to read.
  [captionVideo.name]: { done: 'captions.ready', isWorthTelling: hasCues },
  [provisionMachine.name]: { done: 'machine.ready', failed: 'machine.failed' },
}

function hasCues(result: unknown) {
  return Boolean((result as { cues?: number } | null)?.cues)
}
