import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

const execFileAsync = promisify(execFile)

/** Longer clips repeat one of this length. */
const REPEATED_SECONDS = 300

/** Generates, once per folder, 1080p25 with a tone: H.264 of 5 Mbit/s and AAC in MP4, which browsers can play, or MPEG-4 Part 2 in Matroska. */
export async function generateLongClip(dir: string, options: { seconds: number; isWebSafe: boolean }) {
  const { seconds, isWebSafe } = options
  const file = path.join(dir, isWebSafe ? `web-safe-${seconds}.mp4` : `other-${seconds}.mkv`)
  if (existsSync(file)) return file
  if (seconds > REPEATED_SECONDS) {
    const part = await generateLongClip(dir, { seconds: REPEATED_SECONDS, isWebSafe })
    const loops = `${Math.ceil(seconds / REPEATED_SECONDS) - 1}`
    await execFileAsync('ffmpeg', ['-v', 'error', '-stream_loop', loops, '-i', part, '-c', 'copy', file])
    return file
  }
  const inputs = `-f lavfi -i testsrc2=s=1920x1080:r=25:d=${seconds} -f lavfi -i sine=f=440:d=${seconds}`
  const video = isWebSafe
    ? '-c:v libx264 -preset ultrafast -b:v 5M -maxrate 5M -bufsize 10M'
    : '-c:v mpeg4 -q:v 4'
  await execFileAsync('ffmpeg', [
    '-v',
    'error',
    ...`${inputs} ${video} -pix_fmt yuv420p -g 50 -c:a aac`.split(' '),
    file,
  ])
  return file
}
