import { provisionMachine } from '../machines/kinds'
import { transcodeVideo } from '../videos/kinds'
import type { MailEvent } from './event-names'

/** How a task that ended is told of. Kinds and ends that are not named are not told of. */
export interface ToldEnds {
  done?: MailEvent
  failed?: MailEvent
}

/**
 * A video is ready when it is transcoded: then it is watchable and has all its renditions, and pictures and
 * downloads need nobody. When its file cannot be read, the transcode that waited for it fails with it.
 */
export const toldEnds: Readonly<Record<string, ToldEnds>> = {
  [transcodeVideo.name]: { done: 'video.ready', failed: 'video.failed' },
  'video.caption': { done: 'captions.ready' },
  [provisionMachine.name]: { done: 'machine.ready', failed: 'machine.failed' },
}
