import Hls from 'hls.js'
import type { MediaPlaylist } from 'hls.js'

type Listed = Pick<MediaPlaylist, 'name' | 'url' | 'groupId' | 'channels' | 'default'>

/**
 * The tracks of both audio groups of a playlist as one list for the menu: those in stereo as they are, followed by those
 * in 5.1. The groups have tracks of the same names, and the second one repeats those that exist in stereo only.
 */
export function mergeAudioGroups<T extends Listed>(tracks: readonly T[]): T[] {
  const [first] = tracks
  const stereo = tracks.filter(({ groupId }) => groupId === first?.groupId)
  const surround = tracks.filter(({ url }) => !stereo.some((track) => track.url === url))
  if (surround.length === 0) return [...tracks]
  const isOnly = stereo.length === 1
  return [
    ...stereo.map((track) => (isOnly ? { ...track, name: 'Stereo' } : track)),
    ...surround.map((track) => ({ ...track, name: isOnly ? '5.1' : `${track.name} · 5.1`, default: false })),
  ]
}

const AudioTrackController = Hls.DefaultConfig.audioTrackController!

/** Merges the audio groups before hls.js and its media element read the tracks. */
export class MergedAudioTrackController extends AudioTrackController {
  protected override onManifestParsed(
    ...[event, data]: Parameters<InstanceType<typeof AudioTrackController>['onManifestParsed']>
  ) {
    data.audioTracks = mergeAudioGroups(data.audioTracks)
    super.onManifestParsed(event, data)
  }
}
