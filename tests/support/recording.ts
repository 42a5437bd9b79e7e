import { execFileSync } from 'node:child_process'
import { findSharedMedia } from './shared-media'

/** What is said in jfk.flac. */
export const JFK_WORDS =
  'And so my fellow Americans ask not what your country can do for you ask what you can do for your country'

/** Samples of the recorded speech jfk.flac; null, with a printed line, if it is not there. */
export function readRecording() {
  const file = findSharedMedia('jfk.flac')
  if (!file) {
    process.stderr.write('Skipped: no recording jfk.flac in ../shared/media\n')
    return null
  }
  const decode = `-v error -i ${file} -ar 16000 -ac 1 -f s16le pipe:1`.split(' ')
  return execFileSync('ffmpeg', decode, { maxBuffer: 16 * 1024 ** 2 })
}
