import { expect, it } from 'vitest'
import type { TaskDto } from '@/lib/tasks/schema'
import type { RenditionDto, VideoDto } from '@/lib/videos/schema'
import { mergeRenditionProgress } from './renditions'

const video = (state: RenditionDto['state'], progress: number) =>
  ({ renditions: [{ name: '720p', mode: 'encode', state, progress }] }) as VideoDto
const transcode = (state: TaskDto['state']) =>
  ({ state, detail: { renditions: [{ name: '720p', state: 'in_progress', progress: 0.5 }] } }) as TaskDto

it('shows the progress of a running task before it is stored', () => {
  expect(mergeRenditionProgress(video('queued', 0), transcode('in_progress'))).toMatchObject([
    { isDone: false, endedAs: null, percent: 50 },
  ])
})

it('ignores the progress of a task that has ended', () => {
  expect(mergeRenditionProgress(video('failed', 0.25), transcode('failed'))).toMatchObject([
    { isDone: false, endedAs: 'failed', percent: 25 },
  ])
})
