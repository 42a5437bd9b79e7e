import { fileTypeFromBuffer, fileTypeFromFile } from 'file-type'

// By the file's first bytes, never its name. ffmpeg is told which demuxer to use and tries no other.
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

/** Bytes from the start of a file that tell what it is. */
export const SNIFF_BYTES = 4_100

/** The ffmpeg demuxer for a file, or undefined when it is no video or audio that we read. */
export async function detectDemuxer(path: string) {
  return DEMUXERS[(await fileTypeFromFile(path))?.ext ?? '']
}

/** The same for the first SNIFF_BYTES of a file that is still arriving. */
export async function isMedia(head: Uint8Array) {
  return ((await fileTypeFromBuffer(head))?.ext ?? '') in DEMUXERS
}

export const notMediaError = {
  code: 'video.not_media',
  message: 'This is not a video or audio file that can be read.',
  advice: 'Upload a video such as MP4, MOV, MKV or WebM, or an audio file such as MP3 or FLAC.',
}
