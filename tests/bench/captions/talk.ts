import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { findSharedMedia } from '@/tests/support/shared-media'
import { silence, speak } from '@/tests/support/synthesize-voice'
import { BYTES_PER_SECOND } from '@/worker/captions/transcriber'

/** The longest audio that Whisper recognizes at once. */
const MAX_CUT_SECONDS = 28
const JFK_TRANSCRIPT =
  'and so my fellow americans ask not what your country can do for you ask what you can do for your country'
const SENTENCES = [
  'Good morning and welcome to the third lecture about the history of the railway.',
  'Last week we talked about the first engines, and today we will follow them across the country.',
  'Most of the lines were built by small companies that did not trust each other.',
  'A journey from the north to the south took two days, and travelers had to change trains five times.',
  'The engineers soon learned that bridges are more expensive than tunnels, but also more beautiful.',
  'When the winter was cold, the water in the tanks froze and the passengers had to wait.',
  'Newspapers wrote about every accident, and the public demanded better signals.',
  'In the end the state bought the lines, one after the other, and gave them the same clock.',
  'That clock changed the life of the cities more than the trains did.',
  'Please read the next chapter of the book before we meet again on Thursday.',
]

export interface Talk {
  /** WAV, 16 kHz, mono. */
  file: string
  seconds: number
  transcript: string
  /** The same audio in files of at most 28 s, cut in its pauses. */
  cuts: string[]
}

/** Generates a talk: sentences of a synthetic voice and a recorded speech, repeated with pauses of various lengths. */
export function generateTalk(dir: string, seconds: number): Talk {
  const spoken = SENTENCES.map((text) => ({ text, samples: speak(text, 'en-us') }))
  const recording = findSharedMedia('jfk.flac')
  if (recording) {
    const args = `-v error -i ${recording} -ar 16000 -ac 1 -f s16le pipe:1`.split(' ')
    const samples = execFileSync('ffmpeg', args, { maxBuffer: 16 * 1024 ** 2 })
    spoken.push({ text: JFK_TRANSCRIPT, samples })
  }
  const cuts: Buffer[][] = [[]]
  const texts: string[] = []
  let bytes = 0
  for (let n = 0; bytes < seconds * BYTES_PER_SECOND; n++) {
    const { text, samples } = spoken[n % spoken.length]!
    const piece = Buffer.concat([samples, silence(0.3 + (n % 4) * 0.4)])
    const cutBytes = cuts.at(-1)!.reduce((sum, { length }) => sum + length, 0)
    if (cutBytes + piece.length > MAX_CUT_SECONDS * BYTES_PER_SECOND) cuts.push([])
    cuts.at(-1)!.push(piece)
    texts.push(text)
    bytes += piece.length
  }
  return {
    file: writeWave(path.join(dir, 'talk.wav'), Buffer.concat(cuts.flat())),
    seconds: bytes / BYTES_PER_SECOND,
    transcript: texts.join(' '),
    cuts: cuts.map((pieces, n) => writeWave(path.join(dir, `cut-${n}.wav`), Buffer.concat(pieces))),
  }
}

/** Writes samples of 16 kHz as a WAV file. Returns its name. */
export function writeWave(file: string, samples: Buffer) {
  const raw = `${file}.raw`
  writeFileSync(raw, samples)
  execFileSync('ffmpeg', `-v error -y -f s16le -ar 16000 -ac 1 -i ${raw} ${file}`.split(' '))
  return file
}
