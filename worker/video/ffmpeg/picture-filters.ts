import type { VideoTrackInfo } from '@/lib/videos/media-info'

/** Maps high dynamic range to BT.709, which every screen can show. */
const HDR_TO_SDR =
  'zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv'

/** Blends transparent pictures with black, so that colors under transparent pixels stay hidden. */
export const ALPHA_TO_BLACK = 'format=yuva444p,premultiply=inplace=1'

/** ffmpeg filters that make every picture opaque and of standard dynamic range. */
export const pictureFilters = (video: VideoTrackInfo) => [
  ...(video.hasAlpha ? [ALPHA_TO_BLACK] : []),
  ...(video.isHdr && video.isToneMapped ? toneMapping(video) : []),
]

function toneMapping({ color }: VideoTrackInfo) {
  if (!color) return [HDR_TO_SDR]
  // Missing labels are those that ITU-R BT.2100 gives to PQ and HLG. zimg converts no picture without them, and decoders
  // do not pass on what only the container states.
  const labels = [
    `color_primaries=${color.primaries ?? 'bt2020'}`,
    `color_trc=${color.transfer}`,
    `colorspace=${color.matrix ?? 'bt2020nc'}`,
  ]
  return [`setparams=${labels.join(':')}`, HDR_TO_SDR]
}

/** ffmpeg arguments before the input that decode the alpha channel too. */
export const decoderArgs = ({ hasAlpha, codec }: VideoTrackInfo) =>
  hasAlpha && ['vp8', 'vp9'].includes(codec) ? ['-c:v', codec === 'vp9' ? 'libvpx-vp9' : 'libvpx'] : []
