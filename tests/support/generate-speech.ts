import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execFileAsync = promisify(execFile)

/** Words of which PocketSphinx understands every one, as ffmpeg's synthetic voice says them. */
export const ASK_NOT_SENTENCE = 'ask not what your country can do for you'
export const MORNING_SUN_SENTENCE = 'we are happy to see the morning sun'

interface Utterance {
  text: string
  atSeconds: number
}

/**
 * A file of `seconds` in which a synthetic voice says things at their moments. With `pictures` it is a video.
 * The sound is not compressed with loss, so that what is heard is the same every time.
 */
export async function generateSpeech(
  to: string,
  options: { utterances: readonly Utterance[]; seconds: number; hasVideo?: boolean },
) {
  const { utterances: said, seconds, hasVideo: pictures } = options
  const voices = said.map(
    ({ text, atSeconds }, n) =>
      `flite=text='${text}':voice=awb,aresample=16000,adelay=${atSeconds * 1000}[v${n}]`,
  )
  const names = said.map((_, n) => `[v${n}]`).join('')
  const silence = `anullsrc=r=16000:cl=mono,atrim=duration=${seconds}[silence]`
  const mixed = `[silence]${names}amix=inputs=${said.length + 1}:duration=first:normalize=0[sound]`
  const graph = [...voices, silence, mixed].join(';')
  const picture = pictures ? ['-f', 'lavfi', '-i', `testsrc2=s=320x180:r=12:d=${seconds}`] : []
  const codec = pictures ? '-map 0 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 24' : ''
  await execFileAsync('ffmpeg', [
    '-v',
    'error',
    '-y',
    ...picture,
    '-filter_complex',
    graph,
    '-map',
    '[sound]',
    ...codec.split(' ').filter(Boolean),
    '-c:a',
    'flac',
    to,
  ])
  return to
}
