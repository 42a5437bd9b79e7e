import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { TestUser } from './accounts'
import { generateMedia } from './generate-media'

/** Uploads a short clip and waits until its task is done. */
export async function processClip(user: TestUser) {
  const body = readFileSync(await generateMedia('silent.mp4'))
  const { task } = await user.fetchJson<{ task: { id: string } }>('/api/v1/videos?filename=clip.mp4', {
    method: 'POST',
    body,
  })
  const readState = async () => (await user.fetchJson<{ state: string }>(`/api/v1/tasks/${task.id}`)).state
  await expect.poll(readState, { timeout: 60_000, interval: 500 }).toBe('done')
}
