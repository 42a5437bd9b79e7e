// The process that runs Whisper. Node.js runs this file directly, without path aliases, so that it can import only
// types of this project. It exits when its parent disconnects.
import { existsSync } from 'node:fs'
import type { LibVariant, WhisperContext, WhisperVadContext } from '@fugood/whisper.node'
import { initWhisper, initWhisperVad } from '@fugood/whisper.node'
import type { WhisperResponse, WhisperRequest } from './messages.ts'

const BYTES_PER_SECOND = 32_000
/** Whisper processes windows of 30 s: speech with short pauses that fits into one is transcribed together. */
const MAX_GROUP_SECONDS = 28
const MAX_PAUSE_SECONDS = 2

let whisper: WhisperContext | undefined
let vad: WhisperVadContext | undefined
let settings: { threads: number; temperatureStep?: number } = { threads: 1 }

process.on('disconnect', () => process.exit(0))
process.on('message', (request: WhisperRequest) => {
  handleRequest(request).then(
    (response) => process.send!(response),
    (error: unknown) =>
      process.send!({ type: 'failed', message: String((error as Error)?.message ?? error) }),
  )
})

function handleRequest(request: WhisperRequest): Promise<WhisperResponse> {
  return request.type === 'open' ? loadModels(request) : transcribe(request)
}

async function loadModels({
  modelPath,
  vadModelPath,
  ...rest
}: Extract<WhisperRequest, { type: 'open' }>): Promise<WhisperResponse> {
  settings = rest
  const variant = detectGpuVariant()
  const load = (libVariant: LibVariant) =>
    initWhisper({ filePath: modelPath, useGpu: libVariant !== 'default' }, libVariant)
  let used: LibVariant = variant
  try {
    whisper = await load(variant)
  } catch (error) {
    if (variant === 'default') throw error
    used = 'default'
    whisper = await load('default')
  }
  if (vadModelPath) vad = await initWhisperVad({ filePath: vadModelPath, useGpu: false })
  return { type: 'opened', variant: used }
}

/** Vulkan where a graphics driver exposes a device. The CUDA library is not installed: it takes 200 MB. */
function detectGpuVariant(): LibVariant {
  return existsSync('/dev/nvidia0') || existsSync('/dev/dri/renderD128') ? 'vulkan' : 'default'
}

async function transcribe({
  samples,
  language,
  isTranslated,
}: Extract<WhisperRequest, { type: 'transcribe' }>): Promise<WhisperResponse> {
  const speech = await findSpeech(samples)
  const segments: Extract<WhisperResponse, { type: 'transcribed' }>['segments'] = []
  let detectedLanguage: string | null = null
  for (const group of groupSpeech(speech)) {
    const { promise } = whisper!.transcribeData(sliceSamples(samples, group), {
      language: detectedLanguage ?? language,
      translate: isTranslated,
      maxThreads: settings.threads,
      tokenTimestamps: true,
      temperatureInc: settings.temperatureStep,
    })
    const transcribed = await promise
    detectedLanguage ??= transcribed.language ?? null
    for (const { t0, t1, text } of transcribed.segments)
      segments.push({
        startSeconds: group.startSeconds + t0 / 100,
        endSeconds: Math.min(group.endSeconds, group.startSeconds + t1 / 100),
        text: text.trim(),
      })
  }
  return { type: 'transcribed', segments, language: detectedLanguage, speech }
}

async function findSpeech(samples: Uint8Array) {
  if (!vad) return [{ startSeconds: 0, endSeconds: samples.length / BYTES_PER_SECOND }]
  const spans = await vad.detectSpeechData(toArrayBuffer(samples), {
    minSilenceDurationMs: 300,
    speechPadMs: 100,
  })
  return spans.map(({ t0, t1 }) => ({ startSeconds: t0 / 100, endSeconds: t1 / 100 }))
}

function groupSpeech(speech: { startSeconds: number; endSeconds: number }[]) {
  const groups: { startSeconds: number; endSeconds: number }[] = []
  for (const span of speech) {
    const last = groups.at(-1)
    const fits =
      last &&
      span.startSeconds - last.endSeconds < MAX_PAUSE_SECONDS &&
      span.endSeconds - last.startSeconds < MAX_GROUP_SECONDS
    if (fits) last.endSeconds = span.endSeconds
    else groups.push({ ...span })
  }
  return groups
}

function sliceSamples(
  samples: Uint8Array,
  { startSeconds, endSeconds }: { startSeconds: number; endSeconds: number },
) {
  const byteOffset = (seconds: number) => Math.round((seconds * BYTES_PER_SECOND) / 2) * 2
  return toArrayBuffer(samples.subarray(byteOffset(startSeconds), byteOffset(endSeconds)))
}

const toArrayBuffer = (bytes: Uint8Array) => new Uint8Array(bytes).buffer
