// The process that finds out who speaks when. Node.js runs this file directly, in a sandbox that contains only one other
// file of this project, so it can import only types of others. It exits when its parent disconnects.
import sherpa, { type EmbeddingExtractor, type SpeakerDiarization } from 'sherpa-onnx-node'
import type {
  NumberedRequest,
  NumberedResponse,
  SpeechRequest,
  SpeechResponse,
  Voice,
} from '../speech/messages.ts'
import { SAMPLE_RATE, toFloats } from '../speech/samples.ts'

type OpenRequest = Extract<SpeechRequest, { type: 'openSpeakers' }>

/** Cosine distance of short pieces of speech from which they are of two voices. */
const CLUSTER_DISTANCE = 0.5
const MIN_TURN_SECONDS = 0.3
const MIN_PAUSE_SECONDS = 0.5
/** Of the longest turns of a voice, which characterize it better than shorter ones. */
const MAX_EMBEDDED_SECONDS = 30
const MIN_EMBEDDED_SECONDS = 0.5

let diarization: SpeakerDiarization
let extractor: EmbeddingExtractor

process.on('disconnect', () => process.exit(0))
process.on('message', ({ id, request }: NumberedRequest) =>
  process.send!({ id, response: handleRequest(request) } satisfies NumberedResponse),
)

function handleRequest(request: SpeechRequest): SpeechResponse {
  try {
    if (request.type === 'openSpeakers') return openModels(request)
    if (request.type === 'findVoices') return findVoices(toFloats(request.samples))
    throw new Error(`unexpected ${request.type}`)
  } catch (error) {
    return { type: 'failed', message: String((error as Error)?.message ?? error) }
  }
}

function openModels({ files, threads }: OpenRequest): SpeechResponse {
  const settings = { numThreads: threads, debug: 0 } as const
  const embedding = { model: files.embedding, ...settings }
  diarization = new sherpa.OfflineSpeakerDiarization({
    segmentation: { pyannote: { model: files.segmentation }, ...settings },
    embedding,
    clustering: { numClusters: -1, threshold: CLUSTER_DISTANCE },
    minDurationOn: MIN_TURN_SECONDS,
    minDurationOff: MIN_PAUSE_SECONDS,
  })
  extractor = new sherpa.SpeakerEmbeddingExtractor(embedding)
  return { type: 'opened' }
}

function findVoices(samples: Float32Array): SpeechResponse {
  const segments = diarization.process(samples)
  const byVoice = Map.groupBy(segments, ({ speaker }) => speaker)
  const voices = [...byVoice.values()].flatMap((ownSegments): Voice[] => {
    const turns = ownSegments.map(({ start, end }) => ({ startSeconds: start, endSeconds: end }))
    const embedding = computeEmbedding(samples, turns)
    return embedding ? [{ embedding, turns }] : []
  })
  return { type: 'voices', voices }
}

/** Null if there is too little speech. */
function computeEmbedding(samples: Float32Array, turns: Voice['turns']) {
  const stream = extractor.createStream()
  const longestFirst = turns.toSorted(
    (a, b) => b.endSeconds - b.startSeconds - (a.endSeconds - a.startSeconds),
  )
  let seconds = 0
  for (const { startSeconds, endSeconds } of longestFirst) {
    if (seconds >= MAX_EMBEDDED_SECONDS) break
    const speech = samples.subarray(startSeconds * SAMPLE_RATE, endSeconds * SAMPLE_RATE)
    stream.acceptWaveform({ samples: speech, sampleRate: SAMPLE_RATE })
    seconds += speech.length / SAMPLE_RATE
  }
  stream.inputFinished()
  if (seconds < MIN_EMBEDDED_SECONDS || !extractor.isReady(stream)) return null
  return [...extractor.compute(stream, false)]
}
