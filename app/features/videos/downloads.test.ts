import { expect, it } from 'vitest'
import type { TaskDto } from '@/lib/tasks/schema'
import type { RenditionDto, VideoDto } from '@/lib/videos/schema'
import { listDownloads } from './downloads'

const rendition = (name: string, more: Partial<RenditionDto> = {}) =>
  ({ name, mode: 'encode', state: 'done', downloadUrl: null, ...more }) as RenditionDto
const video = {
  sizeBytes: 1_000_000,
  urls: { download: '/source' },
  renditions: [
    rendition('source', { mode: 'copy' }),
    rendition('720p', { downloadUrl: '/720p.mp4' }),
    rendition('480p'),
    rendition('360p'),
    rendition('audio-0', { mode: 'audio' }),
  ],
} as VideoDto
const packaging = (state: TaskDto['state'], detail: TaskDto['detail'] = null) =>
  ({ kind: 'video.package', state, detail }) as TaskDto
const notesOf = (tasks: TaskDto[], of = video) =>
  listDownloads(of, tasks)
    .slice(1)
    .map(({ name, note, href }) => [name, note, href])

it('offers packaged downloads only, if no task packages the others', () => {
  expect(notesOf([])).toEqual([['720p', 'MP4', '/720p.mp4']])
  expect(notesOf([packaging('done')])).toEqual([['720p', 'MP4', '/720p.mp4']])
})

it('shows which download is being packaged and which ones wait', () => {
  const renditions = [
    { name: '720p', state: 'done', progress: 1 },
    { name: '480p', state: 'in_progress', progress: 0 },
    { name: '360p', state: 'queued', progress: 0 },
  ] as const
  expect(notesOf([packaging('in_progress', { renditions: [...renditions] })])).toEqual([
    ['720p', 'MP4', '/720p.mp4'],
    ['480p', 'Packaging…', null],
    ['360p', 'Waiting', null],
  ])
})

it.each([
  ['queued', 'Waiting'],
  ['failed', 'Failed'],
  ['canceled', 'Canceled'],
] as const)('shows missing downloads of a %s task as %s', (state, label) => {
  expect(notesOf([packaging(state)]).slice(1)).toEqual([
    ['480p', label, null],
    ['360p', label, null],
  ])
})

it('shows no download of a rendition that is not done', () => {
  const unfinished = { ...video, renditions: [rendition('480p', { state: 'in_progress' })] }
  expect(notesOf([packaging('queued')], unfinished)).toEqual([])
})

it('offers the original once all of it is uploaded', () => {
  expect(listDownloads(video, [])[0]).toMatchObject({ name: 'Original', href: '/source' })
  const unfinished = { ...video, upload: { receivedBytes: 1, sizeBytes: 2 } }
  expect(listDownloads(unfinished, [])[0]).toEqual({ name: 'Original', note: 'Uploading', href: null })
})

it('says that the original of a trimmed video is not the uploaded file', () => {
  const noteOf = (isCut: boolean) => listDownloads({ ...video, isCut }, [])[0]!.note
  expect(noteOf(false)).toMatch(/^As uploaded · /)
  expect(noteOf(true)).toMatch(/^Trimmed, in the best quality · /)
})
