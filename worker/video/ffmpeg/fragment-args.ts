import { MEDIA_TIME_OFFSET_SECONDS } from '@/lib/videos/media-time'

/** ffmpeg arguments for a fragmented MP4 on a pipe. */
export const fragmentArgs = (options: { pipe: number; flags: string; more?: string[] }) => [
  '-sn',
  '-dn',
  '-map_metadata',
  '-1',
  '-map_chapters',
  '-1',
  '-f',
  'mp4',
  '-movflags',
  `${options.flags}+default_base_moof+frag_discont`,
  '-use_editlist',
  '0',
  '-avoid_negative_ts',
  'disabled',
  '-output_ts_offset',
  String(MEDIA_TIME_OFFSET_SECONDS),
  '-flush_packets',
  '1',
  ...(options.more ?? []),
  `pipe:${options.pipe}`,
]
