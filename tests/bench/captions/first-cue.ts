import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { findSpeechModels } from '@/tests/support/speech-model'
import { hasVoices } from '@/tests/support/synthesize-voice'
import { median, type Measurement } from '../measurement'
import { transcribeInApp } from './app-run'
import { generateTalk } from './talk'

const FILE_SECONDS = 3_600
const ROUNDS = 3

/** From the upload of an hour to its first cue, in the whole app: of sound, and of a video that is transcoded meanwhile. */
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
    const rows: Measurement[] = []
    for (const [name, file] of Object.entries(files)) {
      const runs: number[] = []
      for (let round = 0; round < ROUNDS; round++)
        runs.push((await transcribeInApp(file, { stopAtFirstCue: true })).firstCueSeconds)
      const subject = `upload → first cue, ${Math.round(seconds / 60)} min of ${name}`
      rows.push({ name: `${subject}, median of ${ROUNDS}`, value: median(runs), unit: 's', aim: '≤ 3' })
      rows.push({ name: `${subject}, longest`, value: Math.max(...runs), unit: 's' })
    }
    return rows
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
