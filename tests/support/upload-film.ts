import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { VideoDetailsDto } from '@/lib/videos/schema'
import { generateCounter } from './frame-counter'
import type { TestUser } from './accounts'

/** Uploads a file as a new video, or as the new file of one. Returns the video. */
export async function uploadFilm(
  user: Pick<TestUser, 'fetchJson'>,
  { file, filename = path.basename(file), replaces }: { file: string; filename?: string; replaces?: string },
) {
  const query = new URLSearchParams({ filename, ...(replaces && { replaces }) })
  const body = new Uint8Array(readFileSync(file))
  const { video } = await user.fetchJson<{ video: VideoDetailsDto }>(`/api/v1/videos?${query}`, {
    method: 'POST',
    body,
  })
  return video
}

/** Uploads a web-safe video with numbered frames and a click at each second. Returns it with its file. */
export async function uploadCounter(user: Pick<TestUser, 'fetchJson'>, { seconds }: { seconds: number }) {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'meanwhile-counter-')), 'lecture.mp4')
  await generateCounter(file, { seconds, width: 640, height: 480, hasClicks: true, isWebSafe: true })
  return { file, video: await uploadFilm(user, { file }) }
}
