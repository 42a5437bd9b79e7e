import { execFileSync } from 'node:child_process'
import type { SpeechSpan } from '@/worker/captions/find-speech'
import { BYTES_PER_SECOND } from '@/worker/captions/transcriber'
import { silence } from '@/tests/support/synthesize-voice'

/** Voices of flite. */
const VOICES = ['slt', 'rms', 'awb']
const SENTENCES = [
  'good morning and welcome to our programme about the weather and the sea',
  'thank you very much the sea was calm last week and the wind came from the north',
  'that sounds pleasant did you see any ships while you were sailing',
  'i saw three large ships near the harbour and many small boats in the bay',
  'we also visited the old lighthouse which the king built long ago',
  'how interesting we shall talk about this after a short piece of music',
  'the keeper said that the lamp burned oil until the end of the war',
]

interface SpokenTurn extends SpeechSpan {
  voice: number
}

/** Generates a conversation of three synthetic voices, which take turns of one to three sentences in no fixed order. */
export function generateDialog(seconds: number) {
  const spoken = VOICES.map((voice) => SENTENCES.map((text) => speak(text, voice)))
  const parts: Buffer[] = []
  const turns: SpokenTurn[] = []
  let bytes = 0
  const add = (samples: Buffer) => {
    parts.push(samples)
    bytes += samples.length
  }
  let voice = 0
  for (let n = 0; bytes < seconds * BYTES_PER_SECOND; n++) {
    const startSeconds = bytes / BYTES_PER_SECOND
    for (let sentence = 0; sentence <= n % 3; sentence++) {
      add(spoken[voice]![(3 * n + sentence) % SENTENCES.length]!)
      add(silence(0.2))
    }
    turns.push({ voice, startSeconds, endSeconds: bytes / BYTES_PER_SECOND })
    add(silence(0.3 + (n % 4) * 0.4))
    voice = (voice + 1 + (n % 5 === 0 ? 1 : 0)) % VOICES.length
  }
  return { samples: Buffer.concat(parts), turns }
}

function speak(text: string, voice: string) {
  const graph = `flite=text='${text}':voice=${voice}`
  const args = ['-v', 'error', '-f', 'lavfi', '-i', graph, ...'-ar 16000 -ac 1 -f s16le pipe:1'.split(' ')]
  return execFileSync('ffmpeg', args, { maxBuffer: 64 * 1024 ** 2 })
}
