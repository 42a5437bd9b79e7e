import { provisionMachine } from '../machines/kinds'
import { transcodeVideo } from '../videos/kinds'

/** What people are told of by mail, in the words of the switch that turns it off. */
export const mailEvents = {
  'machine.ordered': 'A machine is ordered',
  'machine.ready': 'A machine is ready',
  'machine.failed': 'A machine could not be made',
  'video.ready': 'A video is ready',
  'video.failed': 'A video could not be made ready',
  'captions.ready': 'Captions are ready',
} as const

export type MailEvent = keyof typeof mailEvents
export const mailEventNames = Object.keys(mailEvents) as [MailEvent, ...MailEvent[]]

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
