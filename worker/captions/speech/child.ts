// The process that recognizes speech. Node.js runs this file directly, in a sandbox that contains only one other file of
// this project, so it can import only types of others. It exits when its parent disconnects.
// Over 200 lines, because the sandbox contains no further file.
import sherpa, {
  type EngineConfig,
  type OfflineRecognizer,
  type RecognizerConfig,
  type Vad,
} from 'sherpa-onnx-node'
import type { NumberedRequest, NumberedResponse, SpeechRequest, SpeechResponse } from './messages.ts'
import { SAMPLE_RATE, toFloats } from './samples.ts'

type OpenRequest = Extract<SpeechRequest, { type: 'open' }>
type RecognizeRequest = Extract<SpeechRequest, { type: 'recognize' }>

const VAD_WINDOW_SAMPLES = 512
/** Longest audio of a request. */
const VAD_BUFFER_SECONDS = 120
/** The engine crashes on empty audio. */
const MIN_SAMPLES = SAMPLE_RATE / 10
const MAX_TOKEN_SECONDS = 0.3
/** Whisper recognizes a shorter passage with the engine's own 10 s after it: with silence, it confuses languages. */
const LONG_PASSAGE_SECONDS = 10
const DEFAULT_TAIL_FRAMES = -1
/** Silence completes long passages to a multiple of this: with equal sizes, the engine uses the same memory again. */
const LONG_STEP_SECONDS = 2.5
const LONG_TAIL_FRAMES = 100

let recognizer: OfflineRecognizer | undefined
/** Resolves with the recognizer that has `config`. */
let configured: Promise<OfflineRecognizer>
let config: RecognizerConfig
let vad: Vad
let opened: OpenRequest
const decoding = new Set<Promise<unknown>>()

process.on('disconnect', () => process.exit(0))
process.on('message', ({ id, request }: NumberedRequest) => {
  const respond = (response: SpeechResponse) => process.send!({ id, response } satisfies NumberedResponse)
  handleRequest(request)
    .then(respond, (error: unknown) =>
      respond({ type: 'failed', message: String((error as Error)?.message ?? error) }),
    )
    // The audio is outside of V8's heap, whose size would not make it collect that soon.
    .finally(() => globalThis.gc!())
})

async function handleRequest(request: SpeechRequest): Promise<SpeechResponse> {
  if (request.type === 'open') return openModels(request)
  if (request.type === 'findSpeech') return findSpeech(toFloats(request.samples))
  if (request.type === 'recognize') return recognize(request)
  throw new Error(`unexpected ${request.type}`)
}

async function openModels(request: OpenRequest): Promise<SpeechResponse> {
  opened = request
  configure(recognizerConfig({ language: '', isTranslated: false, tailFrames: LONG_TAIL_FRAMES }))
  await configured
  vad = new sherpa.Vad(
    {
      sileroVad: {
        model: request.vadFile,
        threshold: 0.5,
        minSilenceDuration: 0.25,
        minSpeechDuration: 0.1,
        maxSpeechDuration: request.maxSpeechSeconds,
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

const isConfigured = (wanted: RecognizerConfig) => JSON.stringify(wanted) === JSON.stringify(config)

/** Only Whisper can change its configuration without loading the model again. Call it while nothing is decoded. */
function configure(wanted: RecognizerConfig) {
  config = wanted
  if (recognizer && opened.engine === 'whisper') recognizer.setConfig(config)
  else configured = sherpa.OfflineRecognizer.createAsync(config).then((created) => (recognizer = created))
}

interface Options extends Pick<RecognizeRequest, 'language' | 'isTranslated'> {
  /** What the engine adds to the audio, in frames of 10 ms. */
  tailFrames: number
}

const recognizerConfig = (options: Options): RecognizerConfig => ({
  featConfig: { sampleRate: SAMPLE_RATE, featureDim: 80 },
  modelConfig: {
    ...engineConfig(options),
    tokens: opened.files.tokens!,
    numThreads: opened.threads,
    provider: 'cpu',
    debug: 0,
  },
})

function engineConfig({ language, isTranslated, tailFrames }: Options): EngineConfig {
  const { engine, files, hasWordTimes } = opened
  const { encoder, decoder, joiner, mergedDecoder, model } = files as Record<string, string>
  if (engine === 'parakeet')
    return {
      transducer: { encoder: encoder!, decoder: decoder!, joiner: joiner! },
      modelType: 'nemo_transducer',
    }
  if (engine === 'sense-voice')
    return { senseVoice: { model: model!, language, useInverseTextNormalization: 1 } }
  if (engine === 'moonshine') return { moonshine: { encoder: encoder!, mergedDecoder: mergedDecoder! } }
  return {
    whisper: {
      encoder: encoder!,
      decoder: decoder!,
      language,
      task: isTranslated ? 'translate' : 'transcribe',
      tailPaddings: tailFrames,
      enableTokenTimestamps: hasWordTimes ? 1 : 0,
      enableSegmentTimestamps: hasWordTimes ? 0 : 1,
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

async function recognize({ samples, ...options }: RecognizeRequest): Promise<SpeechResponse> {
  const audio = toFloats(samples)
  const isLong = audio.length >= LONG_PASSAGE_SECONDS * SAMPLE_RATE
  const tailFrames = isLong ? LONG_TAIL_FRAMES : DEFAULT_TAIL_FRAMES
  const wanted = recognizerConfig({ ...options, tailFrames })
  while (!isConfigured(wanted) && decoding.size > 0) await Promise.race(decoding)
  // Nothing may be awaited in between: what is decoded needs its configuration until the end.
  if (!isConfigured(wanted)) configure(wanted)
  const result = await track(decode(audio, isLong))
  const { text, lang, tokens, timestamps, durations, ys_log_probs: logProbabilities = [] } = result
  const { segment_texts = [], segment_timestamps = [], segment_durations = [] } = result
  return {
    type: 'recognized',
    text,
    // SenseVoice writes <|en|> or <|nospeech|>.
    language: lang.replace(/^<\|(nospeech\|>)?|\|>$/g, ''),
    tokens: opened.hasWordTimes
      ? withTimes(tokens, timestamps, durations).map((token, n) => ({
          ...token,
          confidence: toProbability(logProbabilities[n]),
        }))
      : [],
    segments: withTimes(segment_texts, segment_timestamps, segment_durations),
  }
}

async function track<T>(work: Promise<T>) {
  const settled: Promise<unknown> = work.catch(() => undefined).then(() => decoding.delete(settled))
  decoding.add(settled)
  return work
}

async function decode(audio: Float32Array, isLong: boolean) {
  const current = await configured
  const step = LONG_STEP_SECONDS * SAMPLE_RATE
  const isCompleted = isLong && opened.engine === 'whisper'
  const length = isCompleted ? Math.ceil(audio.length / step) * step : Math.max(MIN_SAMPLES, audio.length)
  const samples = new Float32Array(length)
  samples.set(audio)
  const stream = current.createStream()
  stream.acceptWaveform({ samples, sampleRate: SAMPLE_RATE })
  return current.decodeAsync(stream)
}

/** Only decoders of transducers report it. */
const toProbability = (logarithm: number | undefined) =>
  logarithm === undefined ? null : Math.min(1, Math.exp(logarithm))

function withTimes(texts: readonly string[], starts: readonly number[], durations: readonly number[]) {
  // SenseVoice reports no durations: a token lasts until the next one, at most for a moment.
  const secondsUntilNext = (n: number) => (starts[n + 1] ?? Infinity) - starts[n]!
  return texts.map((text, n) => ({
    text,
    startSeconds: starts[n]!,
    endSeconds: starts[n]! + (durations[n] ?? Math.min(secondsUntilNext(n), MAX_TOKEN_SECONDS)),
  }))
}
