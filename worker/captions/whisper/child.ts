// The process that holds Whisper's model and listens. It is run by Node as it is, so it imports nothing of ours
// but types. It ends when whoever started it does.
import { existsSync } from 'node:fs'
import type { LibVariant, WhisperContext, WhisperVadContext } from '@fugood/whisper.node'
import { initWhisper, initWhisperVad } from '@fugood/whisper.node'
import type { Answer, Order } from './messages.ts'

const BYTES_PER_SECOND = 32_000
/** Whisper looks at 30 s at once: what is said within that, with short pauses only, is given to it together. */
const LONGEST_SECONDS = 28
const LONGEST_PAUSE_SECONDS = 2

let whisper: WhisperContext | undefined
let vad: WhisperVadContext | undefined
let settings: { threads: number; temperatureStep?: number } = { threads: 1 }

process.on('disconnect', () => process.exit(0))
process.on('message', (order: Order) => {
  obey(order).then(
    (answer) => process.send!(answer),
    (error: unknown) =>
      process.send!({ type: 'failed', message: String((error as Error)?.message ?? error) }),
  )
})

function obey(order: Order): Promise<Answer> {
  return order.type === 'open' ? open(order) : hear(order)
}

async function open({
  modelPath,
  speechModelPath,
  ...rest
}: Extract<Order, { type: 'open' }>): Promise<Answer> {
  settings = rest
  const variant = graphics()
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
function graphics(): LibVariant {
  if (existsSync('/dev/nvidia0')) return 'cuda'
  return existsSync('/dev/dri/renderD128') ? 'vulkan' : 'default'
}

async function hear({ samples, language, isTranslated }: Extract<Order, { type: 'hear' }>): Promise<Answer> {
  const speech = await findSpeech(samples)
  const segments: Extract<Answer, { type: 'heard' }>['segments'] = []
  let heardLanguage: string | null = null
  for (const group of together(speech)) {
    const { promise } = whisper!.transcribeData(cut(samples, group), {
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
  const spells = await vad.detectSpeechData(arrayBufferOf(samples), {
    minSilenceDurationMs: 300,
    speechPadMs: 100,
  })
  return spells.map(({ t0, t1 }) => ({ startSeconds: t0 / 100, endSeconds: t1 / 100 }))
}

function together(speech: { startSeconds: number; endSeconds: number }[]) {
  const groups: { startSeconds: number; endSeconds: number }[] = []
  for (const spell of speech) {
    const last = groups.at(-1)
    const fits =
      last &&
      spell.startSeconds - last.endSeconds < LONGEST_PAUSE_SECONDS &&
      spell.endSeconds - last.startSeconds < LONGEST_SECONDS
    if (fits) last.endSeconds = spell.endSeconds
    else groups.push({ ...spell })
  }
  return groups
}

function cut(
  samples: Uint8Array,
  { startSeconds, endSeconds }: { startSeconds: number; endSeconds: number },
) {
  const at = (seconds: number) => Math.round((seconds * BYTES_PER_SECOND) / 2) * 2
  return arrayBufferOf(samples.subarray(at(startSeconds), at(endSeconds)))
}

const arrayBufferOf = (bytes: Uint8Array) => new Uint8Array(bytes).buffer
