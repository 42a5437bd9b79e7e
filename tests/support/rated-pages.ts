import { openAsBlob } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { ShareDto } from '@/lib/shares/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import { isFinished } from '@/lib/tasks/state'
import type { VideoDto } from '@/lib/videos/schema'

/** A page that Lighthouse rates. */
export interface RatedPage {
  name: string
  url: string
  isSignedIn: boolean
}

/** Uploads `file`, and returns the pages once all tasks are done, so that nothing else occupies the CPU. */
export async function createRatedPages(options: {
  url: string
  key: string
  file: string
}): Promise<RatedPage[]> {
  const { url, key, file } = options
  const send = async <T>(path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const response = await fetch(`${url}/api/v1/${path}`, { headers, ...init })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }
  const { video } = await send<{ video: VideoDto }>('videos?filename=clip.mp4', {
    method: 'POST',
    body: await openAsBlob(file),
  })
  const areTasksDone = async () =>
    (await send<{ tasks: TaskDto[] }>('tasks?limit=100')).tasks.every(({ state }) => isFinished(state))
  while (!(await areTasksDone())) await delay(500)
  // Search engines may not index a link that is not public, which Lighthouse would report.
  const share = await send<ShareDto>(`videos/${video.id}/shares`, {
    method: 'POST',
    body: JSON.stringify({ visibility: 'public' }),
  })
  return [
    { name: 'sign-in', url: `${url}/sign-in`, isSignedIn: false },
    { name: 'home', url: `${url}/`, isSignedIn: true },
    { name: 'video', url: `${url}/videos/${video.id}`, isSignedIn: true },
    { name: 'share', url: share.url!, isSignedIn: false },
  ]
}
