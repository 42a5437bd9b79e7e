import { cpus } from 'node:os'
import { findSpeechModels } from '@/tests/support/speech-model'
import { hasVoices } from '@/tests/support/synthesize-voice'
import { calculateWordErrorRate } from '@/tests/support/word-errors'
import type { Measurement } from '../measurement'
import { transcribeInApp } from './app-run'
import { type PeerRun, preparePeers, runSherpaOnCuts, runSherpaWithVad, runWhisperCpp } from './peers'
import { generateTalk } from './talk'

/** BENCH_SECONDS changes it. */
const TALK_SECONDS = Number(process.env.BENCH_SECONDS) || 600

/**
 * Transcribes a talk in the app, and with other programs that run the same model with as many threads as there are cores.
 */
export async function benchmarkTalk(dir: string): Promise<Measurement[]> {
  if (!findSpeechModels() || !hasVoices()) return []
  const talk = generateTalk(dir, TALK_SECONDS)
  const describe = ({ name, seconds, peakBytes, transcript }: PeerRun): Measurement[] => [
    { name: `${name}: time per time of speech`, value: seconds / talk.seconds, unit: 'ratio' },
    {
      name: `${name}: word error rate`,
      value: 100 * calculateWordErrorRate(transcript, talk.transcript),
      unit: '%',
    },
    { name: `${name}: peak memory`, value: peakBytes / 1e6, unit: 'MB' },
  ]
  // Without the transcode, which would share the CPU.
  const ours = await transcribeInApp(talk.file, { env: { WORKER_QUEUES: 'video.inspect,captions' } })
  const rows: Measurement[] = [
    { name: 'length of the talk', value: talk.seconds, unit: 's' },
    ...describe({ name: 'Meanwhile', ...ours }),
    { name: 'Meanwhile: peak memory of all recognizers', value: ours.totalPeakBytes / 1e6, unit: 'MB' },
  ]
  if (!(await preparePeers())) return rows
  const threads = cpus().length
  const sherpa = await runSherpaOnCuts(talk, threads)
  const sherpaWithVad = await runSherpaWithVad(talk, threads)
  return [
    ...rows,
    ...describe(sherpa),
    ...describe(sherpaWithVad),
    ...describe(await runWhisperCpp(talk.file, threads)),
    {
      name: `Meanwhile / ${sherpa.name}: time`,
      value: ours.seconds / sherpa.seconds,
      unit: 'ratio',
      aim: '≤ 1.05',
    },
    // Its own command for long files: that above has no detection of speech.
    {
      name: `Meanwhile / ${sherpaWithVad.name}: time`,
      value: ours.seconds / sherpaWithVad.seconds,
      unit: 'ratio',
    },
    {
      name: `Meanwhile / ${sherpa.name}: peak memory`,
      value: ours.totalPeakBytes / sherpa.peakBytes,
      unit: 'ratio',
      aim: '≤ 1.2',
    },
  ]
}
