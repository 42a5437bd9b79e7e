import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execFileAsync = promisify(execFile)

/** Sentences that PocketSphinx recognizes without errors when ffmpeg's synthetic voice speaks them. */
export const ASK_NOT_SENTENCE = 'ask not what your country can do for you'
export const MORNING_SUN_SENTENCE = 'we are happy to see the morning sun'

interface Utterance {
  text: string
  atSeconds: number
  /** Of flite. */
  voice?: 'awb' | 'kal' | 'rms' | 'slt'
}

/**
 * Generates a file of `seconds` in which synthetic voices speak the utterances at their times. Lossless audio keeps
 * the transcription reproducible.
 */
export async function generateSpeech(
  to: string,
  options: { utterances: readonly Utterance[]; seconds: number; hasVideo?: boolean },
) {
  const { utterances, seconds, hasVideo } = options
  const voices = utterances.map(
    ({ text, atSeconds, voice = 'awb' }, n) =>
      `flite=text='${text}':voice=${voice},aresample=16000,adelay=${atSeconds * 1000}[v${n}]`,
  )
  const names = utterances.map((_, n) => `[v${n}]`).join('')
  const silence = `anullsrc=r=16000:cl=mono,atrim=duration=${seconds}[silence]`
  const mixed = `[silence]${names}amix=inputs=${utterances.length + 1}:duration=first:normalize=0[speech]`
  const graph = [...voices, silence, mixed].join(';')
  const videoInput = hasVideo ? ['-f', 'lavfi', '-i', `testsrc2=s=320x180:r=12:d=${seconds}`] : []
  const codec = hasVideo ? '-map 0 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 24' : ''
  await execFileAsync('ffmpeg', [
    '-v',
    'error',
    '-y',
    ...videoInput,
    '-filter_complex',
    graph,
    '-map',
    '[speech]',
    ...codec.split(' ').filter(Boolean),
    '-c:a',
    'flac',
    to,
  ])
  return to
}

/** Generates a file in which both sentences are spoken: at 1 s, and at `secondAtSeconds`. */
export const generateTwoSentences = (
  to: string,
  { secondAtSeconds, seconds }: { secondAtSeconds: number; seconds: number },
) =>
  generateSpeech(to, {
    utterances: [
      { text: ASK_NOT_SENTENCE, atSeconds: 1 },
      { text: MORNING_SUN_SENTENCE, atSeconds: secondAtSeconds },
    ],
    seconds,
  })
