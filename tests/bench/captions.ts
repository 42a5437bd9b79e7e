import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { startApp } from '@/tests/support/app'
import { findProcesses } from '@/tests/support/processes'
import { neverAborted } from '@/tests/support/never-aborted'
import { findSharedMedia } from '@/tests/support/shared-media'
import { findSpeechModels, installSpeechModels, TEST_MODEL } from '@/tests/support/speech-model'
import { calculateWordErrorRate } from '@/tests/support/word-errors'
import { ASK_NOT_SENTENCE, generateSpeech, MORNING_SUN_SENTENCE } from '@/tests/support/generate-speech'
import { readConfig } from '@/lib/config/config'
import type { CuesDto } from '@/lib/captions/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { hasPocketSphinx, pocketSphinx } from '@/worker/captions/pocketsphinx'
import { BYTES_PER_SECOND, SAMPLE_RATE, type Transcriber } from '@/worker/captions/transcriber'
import { createWhisper } from '@/worker/captions/speech/whisper'
import { type Measurement, measureMs } from './measurement'

const FIRST_CUE_TIMEOUT_MS = 120_000
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
    return [...rows, await measureTimeToFirstCue(voice)]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function findTranscribers(): Transcriber[] {
  const modelsDir = findSpeechModels()
  return [
    ...(hasPocketSphinx() ? [pocketSphinx] : []),
    ...(modelsDir ? [createWhisper({ model: TEST_MODEL, modelsDir })] : []),
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

/** Time from the response to an upload until the API returns the first cue, in the whole app. */
async function measureTimeToFirstCue(file: string): Promise<Measurement> {
  const hasWhisper = findSpeechModels() !== null
  const CAPTIONS = hasWhisper ? 'whisper' : 'pocketsphinx'
  const app = await startApp({ LOG_LEVEL: 'warn', CAPTIONS, MACHINES: 'off' })
  try {
    if (hasWhisper) installSpeechModels(app.dataDir)
    const user = await app.createUser('bench@example.com', { isAdmin: true })
    const upload = '/api/v1/videos?filename=voice.mkv'
    const { video } = await user.fetchJson<{ video: VideoDto }>(upload, {
      method: 'POST',
      body: readFileSync(file),
    })
    const startedAt = performance.now()
    const hasCue = async () => {
      const [track] = (await user.fetchJson<VideoDto>(`/api/v1/videos/${video.id}`)).captions
      return track && (await user.fetchJson<CuesDto>(track.urls.cues)).cues.length > 0
    }
    while (!(await hasCue()))
      if (performance.now() - startedAt > FIRST_CUE_TIMEOUT_MS) throw new Error('no cue within the timeout')
    return {
      name: `upload → first cue, ${hasWhisper ? 'Whisper (base)' : 'PocketSphinx'}, 9 s of speech`,
      value: performance.now() - startedAt,
      unit: 'ms',
    }
  } finally {
    await app.stop()
  }
}
