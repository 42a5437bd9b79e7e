/** Subtitle files that a file picker offers. */
export const SIDECAR_FILES = '.srt,.vtt,.ass,.ssa'

/** Media whose types operating systems do not know as such. */
export const OTHER_MEDIA_FILES =
  '.mkv,.ts,.mts,.m2t,.m2ts,.mod,.tod,.vob,.mxf,.dv,.gif,.apng,.png,.h264,.m2v,.ivf,.ac3,.dts,.au,.caf,.w64,.rf64,.wv'
