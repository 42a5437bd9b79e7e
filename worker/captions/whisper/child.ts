// The process that holds Whisper's model and listens. It is run by Node as it is, so it imports nothing of ours
// but types. It ends when whoever started it does.
import { existsSync } from 'node:fs'
import type { LibVariant, WhisperContext, WhisperVadContext } from '@fugood/whisper.node'
import { initWhisper, initWhisperVad } from '@fugood/whisper.node'
import type { WhisperResponse, WhisperRequest } from './messages.ts'

const BYTES_PER_SECOND = 32_000
/** Whisper looks at 30 s at once: what is said within that, with short pauses only, is given to it together. */
const MAX_GROUP_SECONDS = 28
const MAX_PAUSE_SECONDS = 2

let whisper: WhisperContext | undefined
let vad: WhisperVadContext | undefined
let settings: { threads: number; temperatureStep?: number } = { threads: 1 }

process.on('disconnect', () => process.exit(0))
process.on('message', (order: WhisperRequest) => {
  handleRequest(order).then(
    (answer) => process.send!(answer),
    (error: unknown) =>
      process.send!({ type: 'failed', message: String((error as Error)?.message ?? error) }),
  )
})

function handleRequest(order: WhisperRequest): Promise<WhisperResponse> {
  return order.type === 'open' ? loadModels(order) : transcribe(order)
}

async function loadModels({
  modelPath,
  speechModelPath,
  ...rest
}: Extract<WhisperRequest, { type: 'open' }>): Promise<WhisperResponse> {
  settings = rest
  const variant = detectGpuVariant()
  const load = (chosen: LibVariant) =>
    initWhisper({ filePath: modelPath, useGpu: chosen !== 'default' }, chosen)
  let used: LibVariant = variant
  try {
    whisper = await load(variant)
  } catch (error) {
    if (variant === 'default') throw error
    used = 'default'
    whisper = await load('default')
  }
  if (speechModelPath) vad = await initWhisperVad({ filePath: speechModelPath, useGpu: false })
  return { type: 'opened', variant: used }
}

/** A graphics card that the engine can use, by the device files of its driver. */
function detectGpuVariant(): LibVariant {
  if (existsSync('/dev/nvidia0')) return 'cuda'
  return existsSync('/dev/dri/renderD128') ? 'vulkan' : 'default'
}

async function transcribe({
  samples,
  language,
  isTranslated,
}: Extract<WhisperRequest, { type: 'hear' }>): Promise<WhisperResponse> {
  const speech = await findSpeech(samples)
  const segments: Extract<WhisperResponse, { type: 'heard' }>['segments'] = []
  let heardLanguage: string | null = null
  for (const group of groupSpeech(speech)) {
    const { promise } = whisper!.transcribeData(sliceSamples(samples, group), {
      language: heardLanguage ?? language,
      translate: isTranslated,
      maxThreads: settings.threads,
      tokenTimestamps: true,
      temperatureInc: settings.temperatureStep,
    })
    const found = await promise
    heardLanguage ??= found.language ?? null
    for (const { t0, t1, text } of found.segments)
      segments.push({
        startSeconds: group.startSeconds + t0 / 100,
        endSeconds: Math.min(group.endSeconds, group.startSeconds + t1 / 100),
        text: text.trim(),
      })
  }
  return { type: 'heard', segments, language: heardLanguage, speech }
}

async function findSpeech(samples: Uint8Array) {
  if (!vad) return [{ startSeconds: 0, endSeconds: samples.length / BYTES_PER_SECOND }]
  const spells = await vad.detectSpeechData(toArrayBuffer(samples), {
    minSilenceDurationMs: 300,
    speechPadMs: 100,
  })
  return spells.map(({ t0, t1 }) => ({ startSeconds: t0 / 100, endSeconds: t1 / 100 }))
}

function groupSpeech(speech: { startSeconds: number; endSeconds: number }[]) {
  const groups: { startSeconds: number; endSeconds: number }[] = []
  for (const spell of speech) {
    const last = groups.at(-1)
    const fits =
      last &&
      spell.startSeconds - last.endSeconds < MAX_PAUSE_SECONDS &&
      spell.endSeconds - last.startSeconds < MAX_GROUP_SECONDS
    if (fits) last.endSeconds = spell.endSeconds
    else groups.push({ ...spell })
  }
  return groups
}

function sliceSamples(
  samples: Uint8Array,
  { startSeconds, endSeconds }: { startSeconds: number; endSeconds: number },
) {
  const at = (seconds: number) => Math.round((seconds * BYTES_PER_SECOND) / 2) * 2
  return toArrayBuffer(samples.subarray(at(startSeconds), at(endSeconds)))
}

const toArrayBuffer = (bytes: Uint8Array) => new Uint8Array(bytes).buffer
