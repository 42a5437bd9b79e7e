import { expect, it } from 'vitest'
import type { TaskDto } from '@/lib/tasks/schema'
import type { RenditionDto, VideoDto } from '@/lib/videos/schema'
import { mergeRenditionProgress } from './renditions'

const video = (state: RenditionDto['state'], progress: number) =>
  ({ renditions: [{ name: '720p', mode: 'encode', state, progress }] }) as VideoDto
const transcode = (state: TaskDto['state']) =>
  ({
    kind: 'video.transcode',
    state,
    detail: { renditions: [{ name: '720p', state: 'in_progress', progress: 0.5 }] },
  }) as TaskDto

it('shows the progress of a running task before it is stored', () => {
  expect(mergeRenditionProgress(video('queued', 0), [transcode('in_progress')])).toMatchObject([
    { isDone: false, endedAs: null, percent: 50 },
  ])
})

it('shows encoded renditions as far as their task is, and a copied one as far as it is stored', () => {
  const renditions = ['source', '720p', '360p'].map((name) => ({
    name,
    mode: name === 'source' ? 'copy' : 'encode',
    codec: 'h264',
    state: 'in_progress' as const,
    progress: 0.25,
  }))
  const detail = { renditions: renditions.map(({ name, state }) => ({ name, state, progress: 0.5 })) }
  const task = { ...transcode('in_progress'), progress: 0.81, detail }
  const merged = mergeRenditionProgress({ renditions } as VideoDto, [task])
  expect(merged.map(({ percent }) => percent)).toEqual([50, 81, 81])
})

it('ignores the progress of a task that has ended', () => {
  expect(mergeRenditionProgress(video('failed', 0.25), [transcode('failed')])).toMatchObject([
    { isDone: false, endedAs: 'failed', percent: 25 },
  ])
})

it('names renditions in other codecs, with the progress of the tasks that encode them', () => {
  const renditions = ['720p', '720p-av1', '720p-hevc'].map((name) => ({
    name,
    mode: 'encode',
    codec: name.split('-')[1] ?? 'h264',
    state: 'queued',
    progress: 0,
  }))
  const compression = (name: string, progress: number, kind = 'video.compress') =>
    ({
      kind,
      state: 'in_progress',
      detail: { renditions: [{ name, state: 'in_progress', progress }] },
    }) as TaskDto
  const tasks = [
    compression('720p-av1', 0.5),
    compression('720p-hevc', 0.25),
    compression('720p', 0.75, 'video.package'),
  ]
  const merged = mergeRenditionProgress({ renditions } as VideoDto, tasks)
  expect(merged.map(({ title, percent, isRunning }) => [title, percent, isRunning])).toEqual([
    ['720p', 0, false],
    ['720p AV1', 50, true],
    ['720p HEVC', 25, true],
  ])
})

it('names audio tracks by title and channels', () => {
  const audio = (name: string, channels: number | null, label: string | null = null) => ({
    name,
    mode: 'audio',
    channels,
    label,
    language: null,
    state: 'done',
    progress: 1,
  })
  const titles = (...renditions: object[]) =>
    mergeRenditionProgress({ renditions } as VideoDto, []).map(({ title }) => title)
  const surround = audio('audio-0-surround', 6, 'English')
  expect(titles(audio('audio-0', null))).toEqual(['Audio'])
  expect(titles(audio('audio-0', 2, 'English'), surround)).toEqual(['Audio', 'Audio: 5.1'])
  expect(titles(audio('audio-0', 2, 'English'), audio('audio-1', 2, 'Comments'), surround)).toEqual([
    'Audio: English',
    'Audio: Comments',
    'Audio: English · 5.1',
  ])
})
