import { execFile } from 'node:child_process'
import { mkdtempSync, openAsBlob, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { LogLineDto, TaskDto } from '@/lib/tasks/schema'
import { isFinished } from '@/lib/tasks/state'
import { transcodeChunkTask } from '@/lib/videos/tasks'
import type { Measurement } from './measurement'

const SECONDS = 1_120

/** Measures what a worker does between the ffmpeg runs of successive chunks, with a video that is quickly encoded. */
export async function benchmarkChunkScheduling({
  url,
  key,
}: {
  url: string
  key: string
}): Promise<Measurement[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  const headers = { authorization: `Bearer ${key}` }
  const fetchJson = async <T>(at: string, init?: RequestInit) =>
    (await (await fetch(`${url}${at}`, { headers, ...init })).json()) as T
  try {
    const file = path.join(dir, 'long.mkv')
    const source = `-f lavfi -i testsrc2=s=128x72:r=2:d=${SECONDS} -c:v mpeg4 -g 8`
    await promisify(execFile)('ffmpeg', ['-v', 'error', ...source.split(' '), file])
    const upload = { method: 'POST', headers, body: await openAsBlob(file) }
    let { task } = await fetchJson<{ task: TaskDto }>('/api/v1/videos?filename=long.mkv', upload)
    while (!isFinished(task.state)) {
      await delay(200)
      task = await fetchJson(`/api/v1/tasks/${task.id}`)
    }
    const { tasks } = await fetchJson<{ tasks: TaskDto[] }>(
      `/api/v1/tasks?kind=${transcodeChunkTask.name}&limit=100`,
    )
    const { lines } = await fetchJson<{ lines: LogLineDto[] }>(`/api/v1/tasks/${task.id}/log`)
    // The first chunk has a slot of its own.
    const encodedMs = lines
      .filter(
        ({ message }) => message.startsWith('chunk transcoded') && !message.includes('"startSeconds":0,'),
      )
      .map(({ message }) => Number(/"durationMs":(\d+)/.exec(message)![1]))
    const starts = tasks.map(({ startedAt }) => Date.parse(startedAt!))
    const ends = tasks.map(({ finishedAt }) => Date.parse(finishedAt!))
    const totalMs = Math.max(...ends) - Math.min(...starts)
    const overheadMs = (totalMs - encodedMs.reduce((sum, ms) => sum + ms, 0)) / encodedMs.length
    return [
      { name: 'chunks, one after the other', value: encodedMs.length, unit: 'count' },
      {
        name: 'scheduling of a chunk: claim, load, complete, fetch',
        value: overheadMs,
        unit: 'ms',
        aim: '≤ 100',
      },
      {
        name: 'ffmpeg run of a trivial chunk',
        value: encodedMs.reduce((sum, ms) => sum + ms, 0) / encodedMs.length,
        unit: 'ms',
      },
    ]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
