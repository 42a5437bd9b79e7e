import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const execFileAsync = promisify(execFile)

const INPUTS = {
  video: '-f lavfi -i testsrc2=s=320x180:r=25:d=6',
  sound: '-f lavfi -i sine=f=440:d=6',
}
const RED_COVER = 'color=red:s=300x300:d=0.04'

export interface ChapterFile {
  /** Default: sound only. */
  hasVideo?: boolean
  /** Tags by name. */
  tags?: Record<string, string>
  chapters?: { startSeconds: number; endSeconds?: number; title?: string }[]
  /** An lavfi source of one picture, or `true` for a red one. */
  cover?: string | true
  /** ffmpeg arguments of the output, such as codecs. */
  args?: string[]
}

/** Writes a media file of six seconds with chapters, tags and cover art. */
export async function generateChapterFile(file: string, options: ChapterFile) {
  const { hasVideo = false, tags = {}, chapters = [], cover, args = [] } = options
  const lines = [
    ';FFMETADATA1',
    ...Object.entries(tags).map(([name, value]) => `${name}=${escape(value)}`),
    ...chapters.flatMap(({ startSeconds, endSeconds = startSeconds + 1, title }) => [
      '[CHAPTER]',
      'TIMEBASE=1/1000',
      `START=${startSeconds * 1000}`,
      `END=${endSeconds * 1000}`,
      ...(title === undefined ? [] : [`title=${escape(title)}`]),
    ]),
  ]
  await writeFile(`${file}.txt`, `${lines.join('\n')}\n`)
  const media = hasVideo ? [INPUTS.video, INPUTS.sound] : [INPUTS.sound]
  const picture = cover && `-f lavfi -i ${cover === true ? RED_COVER : cover}`
  const inputs = [...media, ...(picture ? [picture] : [])].flatMap((input) => input.split(' '))
  const count = media.length + (picture ? 1 : 0)
  const maps = Array.from({ length: count }, (_, n) => ['-map', String(n)]).flat()
  const coverIndex = hasVideo ? 1 : 0
  await execFileAsync('ffmpeg', [
    ...'-v error -nostdin -y'.split(' '),
    ...inputs,
    '-i',
    `${file}.txt`,
    ...maps,
    '-map_metadata',
    String(count),
    '-map_chapters',
    String(count),
    ...(hasVideo ? '-c:v:0 libx264 -preset ultrafast -pix_fmt yuv420p -g 25'.split(' ') : []),
    ...(picture ? [`-c:v:${coverIndex}`, 'png', `-disposition:v:${coverIndex}`, 'attached_pic'] : []),
    ...args,
    file,
  ])
  await rm(`${file}.txt`)
  return file
}

const escape = (text: string) => text.replaceAll(/[=;#\\\n]/g, String.raw`\$&`)
