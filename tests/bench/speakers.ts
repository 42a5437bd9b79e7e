import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { planSpeakerParts } from '@/lib/captions/plan-parts'
import { readConfig } from '@/lib/config/config'
import { neverAborted } from '@/tests/support/never-aborted'
import { findSpeechModels } from '@/tests/support/speech-model'
import { findVoices } from '@/worker/captions/speakers/find-voices'
import { mergeVoices } from '@/worker/captions/speakers/merge-voices'
import type { Voice } from '@/worker/captions/speech/messages'
import { BYTES_PER_SECOND } from '@/worker/captions/transcriber'
import { generateDialog } from './captions/dialog'
import { watchMemory } from './captions/watch-memory'
import { type Measurement, measureMs } from './measurement'

/** BENCH_SECONDS changes it. */
const DIALOG_SECONDS = Number(process.env.BENCH_SECONDS) || 3_600
const STEP_SECONDS = 0.1

/** Identifies the speakers of an hour of three synthetic voices, part by part, as workers do. */
export async function benchmarkSpeakers(): Promise<Measurement[]> {
  const modelsDir = findSpeechModels()
  if (!modelsDir) return []
  const scratchDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  try {
    const { samples, turns: spoken } = generateDialog(DIALOG_SECONDS)
    const seconds = samples.length / BYTES_PER_SECOND
    const memory = watchMemory(scratchDir)
    const voices: Voice[] = []
    const ms = await measureMs(async () => {
      for (const { startSeconds, endSeconds } of planSpeakerParts(seconds))
        voices.push(...(await findVoicesBetween(startSeconds, endSeconds ?? seconds)))
    })
    const { peakBytes } = memory.stop()
    const found = mergeVoices(voices)
    return [
      { name: 'length of the conversation', value: seconds, unit: 's' },
      { name: 'time to identify its speakers', value: ms / 1000, unit: 's' },
      { name: 'time per time of speech', value: ms / 1000 / seconds, unit: 'ratio' },
      { name: 'peak memory', value: peakBytes / 1e6, unit: 'MB' },
      {
        name: 'speakers found, of three',
        value: new Set(found.map(({ speaker }) => speaker)).size,
        unit: 'count',
      },
      { name: 'speech of the right speaker', value: 100 * shareOfRight(spoken, found), unit: '%' },
    ]

    async function findVoicesBetween(startSeconds: number, endSeconds: number) {
      const { CAPTION_THREADS: threads, CAPTION_MEMORY_BYTES: memoryBytes } = readConfig()
      const part = samples.subarray(
        startSeconds * BYTES_PER_SECOND,
        Math.floor(endSeconds * BYTES_PER_SECOND),
      )
      const options = { samples: part, modelsDir: modelsDir!, threads, memoryBytes, scratchDir }
      const own = await findVoices({ ...options, signal: neverAborted })
      return own.map(({ embedding, turns }) => ({
        embedding,
        turns: turns.map((turn) => ({
          startSeconds: turn.startSeconds + startSeconds,
          endSeconds: turn.endSeconds + startSeconds,
        })),
      }))
    }
  } finally {
    rmSync(scratchDir, { recursive: true, force: true })
  }
}

type Spoken = ReturnType<typeof generateDialog>['turns']

/** The share of the spoken time that has the speaker who has most of the time of its voice. */
function shareOfRight(spoken: Spoken, found: ReturnType<typeof mergeVoices>) {
  const counts = new Map<number, Map<number, number>>()
  let total = 0
  for (const { voice, startSeconds, endSeconds } of spoken)
    for (let at = startSeconds; at < endSeconds; at += STEP_SECONDS) {
      total++
      const turn = found.find((one) => one.startSeconds <= at && at < one.endSeconds)
      if (!turn) continue
      const own = counts.get(voice) ?? new Map<number, number>()
      counts.set(voice, own.set(turn.speaker, (own.get(turn.speaker) ?? 0) + 1))
    }
  const best = [...counts.values()].map((own) => Math.max(...own.values()))
  return best.reduce((sum, count) => sum + count, 0) / total
}
