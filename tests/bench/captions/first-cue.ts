import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { findSpeechModels, hasSmallStandIn } from '@/tests/support/speech-model'
import { hasVoices } from '@/tests/support/synthesize-voice'
import { median, type Measurement } from '../measurement'
import { transcribeInApp } from './app-run'
import { generateTalk } from './talk'

const FILE_SECONDS = 3_600
const ROUNDS = 3

/**
 * From the upload of an hour to its first cue, in the whole app: of sound, and of a video that is transcoded meanwhile. By
 * Whisper base and, where it was generated, a stand-in for small that costs as much time and reports scripted words.
 */
export async function benchmarkFirstCue(): Promise<Measurement[]> {
  if (!findSpeechModels() || !hasVoices()) return []
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  try {
    const { file: speech, seconds } = generateTalk(dir, FILE_SECONDS)
    const film = path.join(dir, 'hour.mkv')
    const pictures = `-f lavfi -i testsrc2=s=320x180:r=5:d=${Math.ceil(seconds)} -c:v libx264 -preset ultrafast`
    const args = `-v error -y -i ${speech} ${pictures} -pix_fmt yuv420p -c:a flac ${film}`.split(' ')
    await promisify(execFile)('ffmpeg', args)
    const files = { sound: speech, video: film }
    const models = hasSmallStandIn() ? { base: false, 'a stand-in for small': true } : { base: false }
    const rows: Measurement[] = []
    const subjects = Object.entries(models).flatMap(([model, isSmallStandIn]) =>
      Object.entries(files).map(([name, file]) => ({ model, isSmallStandIn, name, file })),
    )
    for (const { model, isSmallStandIn, name, file } of subjects) {
      const runs: number[] = []
      for (let round = 0; round < ROUNDS; round++) {
        const run = await transcribeInApp(file, { stopAtFirstCue: true, isSmallStandIn })
        runs.push(run.firstCueSeconds)
      }
      const subject = `upload → first cue, ${Math.round(seconds / 60)} min of ${name}, ${model}`
      rows.push({ name: `${subject}, median of ${ROUNDS}`, value: median(runs), unit: 's', aim: '≤ 3' })
      rows.push({ name: `${subject}, longest`, value: Math.max(...runs), unit: 's' })
    }
    return rows
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
