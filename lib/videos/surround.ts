import type { Rendition } from '../generated/prisma/client'
import { uniqueTrackNames } from './languages'

/** The channels of a surround rendition: 5.1. */
export const SURROUND_CHANNELS = 6

type AudioRendition = Pick<Rendition, 'name' | 'channels' | 'language' | 'label'>

/** Null channels: earlier versions created at most stereo. */
export const isSurround = ({ channels }: { channels: number | null }) => (channels ?? 2) > 2

/** The name of the rendition in 5.1 beside the one in stereo: `audio-0-surround`. */
export const surroundName = (name: string) => `${name}-surround`

/** Pairs each track in stereo with its rendition in 5.1, if it has one. */
export function pairSurround<R extends Pick<AudioRendition, 'name' | 'channels'>>(audio: readonly R[]) {
  const surround = new Map(audio.filter(isSurround).map((rendition) => [rendition.name, rendition]))
  return audio
    .filter((rendition) => !isSurround(rendition))
    .map((stereo) => ({ stereo, surround: surround.get(surroundName(stereo.name)) }))
}

/** How users distinguish audio renditions, by their names: "German", "German · 5.1". A single track has no name. */
export function describeAudioRenditions(audio: readonly AudioRendition[]) {
  const pairs = pairSurround(audio)
  const titles = pairs.length > 1 ? uniqueTrackNames(pairs.map(({ stereo }) => stereo)) : []
  return new Map(
    pairs.flatMap(({ stereo, surround }, n) => [
      [stereo.name, titles[n]] as const,
      ...(surround ? [[surround.name, [...titles.slice(n, n + 1), '5.1'].join(' · ')] as const] : []),
    ]),
  )
}
