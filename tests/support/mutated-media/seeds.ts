import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const PICTURE = '-f lavfi -i testsrc2=s=160x120:r=10:d=1'
const SOUND = '-f lavfi -i sine=f=440:r=44100:d=1'
const H264 = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 5'

/** ffmpeg arguments of the files. `ASS`, `SRT`, `CHAPTERS` and `COVER` are the names of files. */
const RECIPES = {
  'movie.mp4': `${PICTURE} ${SOUND} -i SRT -i CHAPTERS -map 0 -map 1 -map 2 -map_metadata 3 ${H264} -c:a aac -c:s mov_text`,
  'fragmented.mp4': `${PICTURE} ${SOUND} ${H264} -c:a aac -movflags frag_keyframe+empty_moov`,
  'movie.mov': `${PICTURE} ${SOUND} -c:v mjpeg -c:a pcm_s16be`,
  'movie.mkv': `${PICTURE} ${SOUND} -i SRT -i ASS -i CHAPTERS -map 0 -map 1 -map 2 -map 3 -map_metadata 4 ${H264} -c:a flac -c:s:0 subrip -c:s:1 ass -attach COVER -metadata:s:t mimetype=image/jpeg`,
  'movie.webm': `${PICTURE} ${SOUND} -c:v libvpx -deadline realtime -cpu-used 8 -c:a libvorbis`,
  'movie.ts': `${PICTURE} ${SOUND} ${H264} -c:a aac`,
  'movie.mpg': `${PICTURE} ${SOUND} -r 25 -c:v mpeg2video -c:a mp2 -f vob`,
  'movie.avi': `${PICTURE} ${SOUND} -c:v mpeg4 -bf 1 -c:a mp3`,
  'movie.flv': `${PICTURE} ${SOUND} -c:v flv -c:a mp3`,
  'movie.wmv': `${PICTURE} ${SOUND} -c:v wmv2 -c:a wmav2 -f asf`,
  'movie.ogv': `${PICTURE} ${SOUND} -c:v libtheora -c:a libvorbis`,
  'movie.mxf': `${PICTURE} ${SOUND} -r 25 -c:v mpeg2video -c:a pcm_s16le -ar 48000`,
  'moving.gif': PICTURE,
  'song.mp3': `${SOUND} -i COVER -map 0 -map 1 -c:a mp3 -c:v copy -disposition:v attached_pic`,
  'song.wav': `${SOUND} -c:a pcm_s16le`,
  'song.flac': `${SOUND} -c:a flac`,
}

export type SeedName = keyof typeof RECIPES
export const SEEDS = Object.keys(RECIPES) as SeedName[]

const SRT = '1\n00:00:00,100 --> 00:00:00,400\nHello\n\n2\n00:00:00,500 --> 00:00:00,900\n<i>World</i>\n'
const ASS = `[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name
Style: Default

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.10,0:00:00.90,Default,,0,0,0,,{\\k20}Hel{\\k20}lo
`
const CHAPTERS = `;FFMETADATA1
title=Two chapters
[CHAPTER]
TIMEBASE=1/1000
START=0
END=500
title=First
[CHAPTER]
TIMEBASE=1/1000
START=500
END=1000
title=Second
`

/** Small files of different containers, among them some with subtitles, chapters and cover art. */
export async function generateSeeds(): Promise<Record<SeedName, Buffer>> {
  const dir = await mkdtemp(path.join(tmpdir(), 'seeds-'))
  const names = { ASS: 'subtitles.ass', SRT: 'subtitles.srt', CHAPTERS: 'chapters.txt', COVER: 'cover.jpg' }
  const ffmpeg = (args: string[]) =>
    promisify(execFile)('ffmpeg', ['-v', 'error', '-nostdin', '-y', '-bitexact', ...args], { cwd: dir })
  try {
    await writeFile(path.join(dir, names.ASS), ASS)
    await writeFile(path.join(dir, names.SRT), SRT)
    await writeFile(path.join(dir, names.CHAPTERS), CHAPTERS)
    await ffmpeg([...'-f lavfi -i color=red:s=64x64 -frames:v 1'.split(' '), names.COVER])
    const files = await Promise.all(
      SEEDS.map(async (seed) => {
        const recipe = RECIPES[seed].split(' ').map((word) => names[word as keyof typeof names] ?? word)
        await ffmpeg([...recipe, '-fflags', '+bitexact', seed])
        return [seed, await readFile(path.join(dir, seed))] as const
      }),
    )
    return Object.fromEntries(files) as Record<SeedName, Buffer>
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
