import type { MediaInfo } from './media-info'

/**
 * ffmpeg demuxers that may open an uploaded file. Which one does is decided by probing in the sandbox, never by the name
 * of the file. None of them opens another file or address, as those of playlists do.
 */
export const DEMUXERS = [
  'mov matroska avi mpeg mpegts flv live_flv ogg asf mxf gxf nut rm dv gif apng ivf yuv4mpegpipe',
  'wav w64 mp3 flac aac loas ac3 eac3 truehd dts dtshd aiff au caf wv amr amrnb amrwb ape tta tak mpc mpc8 dsf voc gsm xwma',
  'h264 hevc m4v mpegvideo h261 h263 vc1 obu',
].flatMap((names) => names.split(' '))

/**
 * Containers in which ffmpeg finds a time by guessing, or whose times may jump. AVI is none of them: it has no presentation
 * times, without which Matroska would show reordered frames in the wrong order.
 */
const CONTAINERS_WITHOUT_INDEX = ['mpegts', 'mpeg', 'flv', 'live_flv', 'ogg', 'asf', 'rm', 'gif', 'apng']

/** Whether times in a container are found only by reading all of it. */
export const needsIndex = (demuxer: string) => CONTAINERS_WITHOUT_INDEX.includes(demuxer)

/** Containers that store AAC with a header per packet, which MP4 and Matroska do not. */
export const ADTS_DEMUXERS = ['mpegts', 'mpeg', 'aac']

/** Bare streams of one track, which state no times. */
const UNTIMED_DEMUXERS = ['h264', 'hevc', 'm4v', 'mpegvideo', 'h261', 'h263', 'vc1', 'obu']

/** Whether ffmpeg can start to read a container in the middle. */
export const isSeekable = (demuxer: string) => !UNTIMED_DEMUXERS.includes(demuxer)

/** Whether ffmpeg finds a key frame of the container by its index. */
export const hasSeekIndex = ({ demuxer }: Pick<MediaInfo, 'demuxer'>) =>
  demuxer === 'mov' || demuxer === 'matroska'
