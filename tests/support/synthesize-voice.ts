import { spawnSync } from 'node:child_process'
import { BYTES_PER_SECOND } from '@/worker/captions/transcriber'

const WORD_GAP_SECONDS = 0.06
/** Quieter samples before and after a word are not part of it. */
const MIN_AMPLITUDE = 300

/** Whether espeak-ng, which `npm run test:full` installs, is here. */
export const hasVoices = () => spawnSync('espeak-ng', ['--version']).status === 0

/** Speaks a text in 16-bit mono at 16 kHz. `voice` is a language of espeak-ng. */
export function speak(text: string, voice: string) {
  const wave = runProgram('espeak-ng', ['-v', voice, '-s', '140', '--stdout', text])
  return runProgram('ffmpeg', '-v error -i pipe:0 -ar 16000 -ac 1 -f s16le pipe:1'.split(' '), wave)
}

interface SpokenWord {
  text: string
  startSeconds: number
  endSeconds: number
}

/** Speaks words one by one at known times, with pauses of so many seconds where the text has numbers. */
export function speakWords(text: string, voice: string) {
  const parts: Buffer[] = []
  const words: SpokenWord[] = []
  let seconds = 0
  const add = (samples: Buffer) => {
    parts.push(samples)
    seconds += samples.length / BYTES_PER_SECOND
  }
  for (const part of text.split(' ')) {
    if (Number(part)) add(silence(Number(part)))
    else {
      const startSeconds = seconds
      add(trimSilence(speak(part, voice)))
      words.push({ text: part, startSeconds, endSeconds: seconds })
      add(silence(WORD_GAP_SECONDS))
    }
  }
  return { samples: Buffer.concat(parts), words }
}

export const silence = (seconds: number) => Buffer.alloc(2 * Math.round((seconds * BYTES_PER_SECOND) / 2))

/** Generates a sound by an ffmpeg filter graph. */
export const generateSound = (graph: string) =>
  runProgram('ffmpeg', [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    graph,
    ...'-ar 16000 -ac 1 -f s16le pipe:1'.split(' '),
  ])

function trimSilence(samples: Buffer) {
  let from = 0
  let to = samples.length
  while (from < to && Math.abs(samples.readInt16LE(from)) < MIN_AMPLITUDE) from += 2
  while (to > from && Math.abs(samples.readInt16LE(to - 2)) < MIN_AMPLITUDE) to -= 2
  return samples.subarray(from, to)
}

/** Returns the standard output. */
export function runProgram(file: string, args: string[], input?: Buffer) {
  const { status, stdout, stderr } = spawnSync(file, args, { input, maxBuffer: 64 * 1024 ** 2 })
  if (status !== 0) throw new Error(`${file} failed: ${stderr.toString()}`)
  return stdout
}
