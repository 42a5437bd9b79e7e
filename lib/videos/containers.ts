import { fileTypeFromBuffer, fileTypeFromFile } from 'file-type'

// Container → ffmpeg demuxer. The container is detected from the first bytes of a file, never from its name.
const DEMUXERS: Record<string, string> = {
  mp4: 'mov',
  m4v: 'mov',
  mov: 'mov',
  m4a: 'mov',
  m4b: 'mov',
  f4v: 'mov',
  '3gp': 'mov',
  '3g2': 'mov',
  mkv: 'matroska',
  mka: 'matroska',
  webm: 'matroska',
  avi: 'avi',
  mpg: 'mpeg',
  mts: 'mpegts',
  m2ts: 'mpegts',
  flv: 'flv',
  ogv: 'ogg',
  ogg: 'ogg',
  oga: 'ogg',
  opus: 'ogg',
  ogm: 'ogg',
  wav: 'wav',
  mp3: 'mp3',
  flac: 'flac',
  aac: 'aac',
  asf: 'asf',
  wmv: 'asf',
  wma: 'asf',
  aif: 'aiff',
  mxf: 'mxf',
}

/** Number of bytes at the start of a file that detection needs. */
export const SNIFF_BYTES = 4_100

/** Detects the ffmpeg demuxer of a file; undefined if it is not a supported video or audio file. */
export async function detectDemuxer(path: string) {
  return DEMUXERS[(await fileTypeFromFile(path))?.ext ?? '']
}

/** Whether a partial upload of at least SNIFF_BYTES is a supported video or audio file. */
export async function isMedia(head: Uint8Array) {
  return ((await fileTypeFromBuffer(head))?.ext ?? '') in DEMUXERS
}

export const notMediaError = {
  code: 'video.not_media',
  message: 'This is not a supported video or audio file.',
  advice: 'Upload a video such as MP4, MOV, MKV or WebM, or an audio file such as MP3 or FLAC.',
}
