import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { findProcesses } from '@/tests/support/processes'
import { neverAborted } from '@/tests/support/never-aborted'
import { findSharedMedia } from '@/tests/support/shared-media'
import { findSpeechModels, TEST_MODEL } from '@/tests/support/speech-model'
import { calculateWordErrorRate } from '@/tests/support/word-errors'
import { ASK_NOT_SENTENCE, generateSpeech, MORNING_SUN_SENTENCE } from '@/tests/support/generate-speech'
import { readConfig } from '@/lib/config/config'
import { hasPocketSphinx, pocketSphinx } from '@/worker/captions/pocketsphinx'
import { BYTES_PER_SECOND, SAMPLE_RATE, type Transcriber } from '@/worker/captions/transcriber'
import { SPEECH_MODELS } from '@/worker/captions/speech/models'
import { createSpeechTranscriber } from '@/worker/captions/speech/speech-transcriber'
import { benchmarkTalk } from './captions/benchmark-talk'
import { type Measurement, measureMs } from './measurement'

const JFK_TRANSCRIPT =
  'and so my fellow americans ask not what your country can do for you ask what you can do for your country'

/** Measures speed, memory and word error rate of every installed engine on every available recording. */
export async function benchmarkCaptions(): Promise<Measurement[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  try {
    const utterances = [
      { text: ASK_NOT_SENTENCE, atSeconds: 1 },
      { text: MORNING_SUN_SENTENCE, atSeconds: 5 },
    ]
    const voice = await generateSpeech(path.join(dir, 'voice.mkv'), {
      utterances,
      seconds: 9,
      hasVideo: true,
    })
    const jfk = findSharedMedia('jfk.flac')
    const speeches = [
      { name: 'synthetic voice', file: voice, words: `${ASK_NOT_SENTENCE} ${MORNING_SUN_SENTENCE}` },
      ...(jfk ? [{ name: 'Kennedy, 1961', file: jfk, words: JFK_TRANSCRIPT }] : []),
    ]
    const rows: Measurement[] = []
    for (const transcriber of findTranscribers())
      for (const speech of speeches) rows.push(...(await measureTranscriber({ transcriber, dir, ...speech })))
    return [...rows, ...(await benchmarkTalk(dir))]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function findTranscribers(): Transcriber[] {
  const modelsDir = findSpeechModels()
  return [
    ...(hasPocketSphinx() ? [pocketSphinx] : []),
    ...(modelsDir
      ? [TEST_MODEL, SPEECH_MODELS['moonshine-tiny']].map((model) =>
          createSpeechTranscriber({ model, modelsDir }),
        )
      : []),
  ]
}

async function measureTranscriber(options: {
  transcriber: Transcriber
  dir: string
  name: string
  file: string
  words: string
}) {
  const { transcriber, dir, file, words } = options
  const raw = path.join(dir, 'speech.raw')
  const filter = transcriber.audioFilter ? ['-af', transcriber.audioFilter] : []
  const format = `-vn -ar ${SAMPLE_RATE} -ac 1 -f s16le`.split(' ')
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-y', '-i', file, ...filter, ...format, raw])
  const samples = readFileSync(raw)
  const { CAPTION_THREADS: threads, CAPTION_MEMORY_BYTES: memoryBytes } = readConfig()
  const session = await transcriber.open({ signal: neverAborted, threads, memoryBytes, scratchDir: dir })
  let transcript = ''
  let peak = 0
  const timer = setInterval(() => {
    peak = Math.max(peak, session.peakMemoryBytes(), readPeakMemoryBytes('pocketsphinx_continuous'))
  }, 100)
  const ms = await measureMs(async () => {
    const { phrases } = await session.transcribe({ samples, isTranslated: false })
    transcript = phrases.map((phrase) => phrase.text).join(' ')
  })
  clearInterval(timer)
  await session.close()
  const subject = `${transcriber.title}, ${options.name}`
  const speed = samples.length / BYTES_PER_SECOND / (ms / 1000)
  return [
    { name: `times real time, ${subject}`, value: speed, unit: 'ratio' },
    {
      name: `word error rate, ${subject}`,
      value: 100 * calculateWordErrorRate(transcript, words),
      unit: '%',
    },
    ...(peak > 0 ? [{ name: `peak memory, ${subject}`, value: peak / 1e6, unit: 'MB' } as const] : []),
  ] satisfies Measurement[]
}

/** Peak resident memory in bytes of the running processes of a program; 0 if none runs. */
function readPeakMemoryBytes(program: string) {
  const peaks = findProcesses(program).map(({ pid }) => {
    try {
      return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
    } catch {
      return 0
    }
  })
  return Math.max(0, ...peaks)
}
