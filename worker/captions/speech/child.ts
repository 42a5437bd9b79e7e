// The process that recognizes speech. Node.js runs this file directly, in a sandbox that contains only one other file of
// this project, so it can import only types of others. It exits when its parent disconnects.
import sherpa, { type OfflineRecognizer, type RecognizerConfig, type Vad } from 'sherpa-onnx-node'
import type { SpeechRequest, SpeechResponse } from './messages.ts'
import { SAMPLE_RATE, toFloats } from './samples.ts'

type OpenRequest = Extract<SpeechRequest, { type: 'open' }>

const VAD_WINDOW_SAMPLES = 512
/** Whisper processes windows of 30 s. */
const MAX_SPEECH_SECONDS = 28
/** Longest audio of a request. */
const VAD_BUFFER_SECONDS = 120
/** The engine crashes on empty audio. */
const MIN_SAMPLES = SAMPLE_RATE / 10

let recognizer: OfflineRecognizer
let vad: Vad
let opened: OpenRequest

process.on('disconnect', () => process.exit(0))
process.on('message', (request: SpeechRequest) => {
  handleRequest(request).then(
    (response) => process.send!(response),
    (error: unknown) =>
      process.send!({ type: 'failed', message: String((error as Error)?.message ?? error) }),
  )
})

async function handleRequest(request: SpeechRequest): Promise<SpeechResponse> {
  if (request.type === 'open') return openModels(request)
  if (request.type === 'findSpeech') return findSpeech(toFloats(request.samples))
  if (request.type === 'recognize') return recognize(request)
  throw new Error(`unexpected ${request.type}`)
}

async function openModels(request: OpenRequest): Promise<SpeechResponse> {
  opened = request
  recognizer = await sherpa.OfflineRecognizer.createAsync(recognizerConfig())
  vad = new sherpa.Vad(
    {
      sileroVad: {
        model: request.files.vad,
        threshold: 0.5,
        minSilenceDuration: 0.25,
        minSpeechDuration: 0.1,
        maxSpeechDuration: MAX_SPEECH_SECONDS,
        windowSize: VAD_WINDOW_SAMPLES,
      },
      sampleRate: SAMPLE_RATE,
      numThreads: 1,
      debug: 0,
    },
    VAD_BUFFER_SECONDS,
  )
  return { type: 'opened' }
}

function recognizerConfig(
  language = '',
  task: RecognizerConfig['modelConfig']['whisper']['task'] = 'transcribe',
): RecognizerConfig {
  const { files, hasWordTimes, threads } = opened
  return {
    featConfig: { sampleRate: SAMPLE_RATE, featureDim: 80 },
    modelConfig: {
      whisper: {
        encoder: files.encoder,
        decoder: files.decoder,
        language,
        task,
        tailPaddings: -1,
        enableTokenTimestamps: hasWordTimes ? 1 : 0,
        enableSegmentTimestamps: hasWordTimes ? 0 : 1,
      },
      tokens: files.tokens,
      numThreads: threads,
      provider: 'cpu',
      debug: 0,
    },
  }
}

function findSpeech(samples: Float32Array): SpeechResponse {
  const spans: Extract<SpeechResponse, { type: 'speech' }>['spans'] = []
  const drain = () => {
    while (!vad.isEmpty()) {
      const { start, samples: speech } = vad.front(false)
      vad.pop()
      spans.push({ startSeconds: start / SAMPLE_RATE, endSeconds: (start + speech.length) / SAMPLE_RATE })
    }
  }
  vad.reset()
  for (let at = 0; at + VAD_WINDOW_SAMPLES <= samples.length; at += VAD_WINDOW_SAMPLES) {
    vad.acceptWaveform(samples.subarray(at, at + VAD_WINDOW_SAMPLES))
    drain()
  }
  vad.flush()
  drain()
  return { type: 'speech', spans }
}

async function recognize({
  samples,
  language,
  isTranslated,
}: Extract<SpeechRequest, { type: 'recognize' }>): Promise<SpeechResponse> {
  recognizer.setConfig(recognizerConfig(language, isTranslated ? 'translate' : 'transcribe'))
  const stream = recognizer.createStream()
  const floats = toFloats(samples)
  const padded = new Float32Array(Math.max(MIN_SAMPLES, floats.length))
  padded.set(floats)
  stream.acceptWaveform({ samples: padded, sampleRate: SAMPLE_RATE })
  const result = await recognizer.decodeAsync(stream)
  const { text, lang, tokens, timestamps, durations } = result
  const { segment_texts = [], segment_timestamps = [], segment_durations = [] } = result
  return {
    type: 'recognized',
    text,
    language: lang,
    tokens: opened.hasWordTimes ? withTimes(tokens, timestamps, durations) : [],
    segments: withTimes(segment_texts, segment_timestamps, segment_durations),
  }
}

const withTimes = (texts: readonly string[], starts: readonly number[], durations: readonly number[]) =>
  texts.map((text, n) => ({
    text,
    startSeconds: starts[n]!,
    endSeconds: starts[n]! + durations[n]!,
  }))
