import { SANDBOX_INPUT_PATH } from '@/worker/process/bwrap-args'

export const quietArgs = ['-hide_banner', '-nostdin', '-v', 'error', '-nostats']

/** ffmpeg arguments for an untrusted input: one demuxer, no network protocols, a limit on pixels. */
export const inputArgs = (demuxer: string, beforeInput: string[] = []) => [
  '-protocol_whitelist',
  'file,pipe',
  '-format_whitelist',
  demuxer,
  '-max_pixels',
  String(8192 * 8192),
  '-f',
  demuxer,
  ...beforeInput,
  '-i',
  SANDBOX_INPUT_PATH,
]
