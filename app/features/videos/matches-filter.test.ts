import { expect, it } from 'vitest'
import type { VideoDto } from '@/lib/videos/schema'
import type { LibraryFilter } from './library-url'
import { matchesFilter } from './matches-filter'

const video = {
  title: 'Harbour',
  folderId: 'a',
  tags: ['sea', 'night'],
  state: 'in_progress',
  deletedAt: null,
  purgeAt: null,
} as unknown as VideoDto
const matches = (filter: Partial<LibraryFilter>, of: Partial<VideoDto> = {}) =>
  matchesFilter({ ...video, ...of }, { search: '', sort: 'newest', isTrash: false, tags: [], ...filter })

it('compares title, folder, tags and state', () => {
  expect(matches({})).toBe(true)
  expect([matches({ search: 'HARB' }), matches({ search: 'x' })]).toEqual([true, false])
  expect([matches({ folder: 'a' }), matches({ folder: 'b' }), matches({ folder: 'none' })]).toEqual([
    true,
    false,
    false,
  ])
  expect(matches({ folder: 'none' }, { folderId: null })).toBe(true)
  expect([matches({ tags: ['sea', 'night'] }), matches({ tags: ['sea', 'day'] })]).toEqual([true, false])
})

it('regards waiting videos as unfinished', () => {
  expect([matches({ state: 'unfinished' }), matches({ state: 'done' })]).toEqual([true, false])
  expect(matches({ state: 'unfinished' }, { state: 'queued' })).toBe(true)
  expect(matches({ state: 'failed' }, { state: 'failed' })).toBe(true)
})

it('leaves out what only had the files of a video', () => {
  const deletedAt = '2026-12-01T01:00:00.000Z'
  expect(matches({ isTrash: true }, { deletedAt, purgeAt: '2026-12-31T01:00:00.000Z' })).toBe(true)
  expect(matches({ isTrash: true }, { deletedAt, purgeAt: deletedAt })).toBe(false)
})
