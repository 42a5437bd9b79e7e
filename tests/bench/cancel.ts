import { mkdtempSync, openAsBlob, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { findProcesses } from '@/tests/support/processes'
import { generateLongClip } from './generate-clips'
import { median, type Measurement } from './measurement'

const ROUNDS = 5

/** Time from the request that cancels a transcode until none of its processes is left. */
export async function benchmarkCancel({
  url,
  key,
  dataDir,
}: {
  url: string
  key: string
  dataDir: string
}): Promise<Measurement[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  const headers = { authorization: `Bearer ${key}` }
  const countEncoders = () =>
    findProcesses(dataDir).filter(({ command }) => command.includes('libx264')).length
  try {
    const file = await generateLongClip(dir, { seconds: 60, isWebSafe: false })
    const times: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const upload = { method: 'POST', headers, body: await openAsBlob(file) }
      const response = await fetch(`${url}/api/v1/videos?filename=${path.basename(file)}`, upload)
      const { video, task } = (await response.json()) as { video: VideoDto; task: TaskDto }
      while (countEncoders() === 0) await delay(50)
      const startedAt = performance.now()
      await fetch(`${url}/api/v1/tasks/${task.id}/cancel`, { method: 'POST', headers })
      while (countEncoders() > 0) await delay(10)
      times.push(performance.now() - startedAt)
      await fetch(`${url}/api/v1/videos/${video.id}`, { method: 'DELETE', headers })
    }
    return [
      { name: 'cancel → no process left, median', value: median(times), unit: 'ms' },
      { name: 'cancel → no process left, longest', value: Math.max(...times), unit: 'ms', aim: '≤ 2000' },
    ]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
