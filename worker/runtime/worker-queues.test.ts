import { expect, it } from 'vitest'
import { kinds } from '@/lib/kinds'
import { selectKinds } from './worker-queues'

const namesOf = (text: string) => selectKinds(kinds, text.split(',').filter(Boolean)).map(({ name }) => name)

it('takes every kind if WORKER_QUEUES is empty', () => {
  expect(namesOf('')).toHaveLength(kinds.length)
})

it('takes only the named domains and kinds', () => {
  expect(namesOf('captions,email.send')).toEqual([
    'video.caption',
    'video.caption-start',
    'video.caption-part',
    'video.caption-speakers',
    'video.caption-translation',
    'video.subtitles',
    'email.send',
  ])
  expect(namesOf('webhook')).toEqual(['webhook.deliver'])
})

it('accepts the plural of a domain and excludes names with a leading hyphen', () => {
  expect(namesOf('-machines').filter((name) => name.startsWith('machine.'))).toEqual([])
  expect(namesOf('-machines')).toContain('video.inspect')
  expect(namesOf('video,-captions')).not.toContain('video.caption')
  expect(namesOf('video,-captions')).toContain('video.transcode')
})

it('takes the parts of a kind with it', () => {
  const transcoding = ['', '-start', '-chunk', '-streams'].map((suffix) => `video.transcode${suffix}`)
  expect(namesOf('video.transcode')).toEqual(transcoding)
  expect(namesOf('video')).toEqual(expect.arrayContaining(transcoding))
  expect(namesOf('-video.transcode')).toContain('video.inspect')
  for (const text of ['-video.transcode', '-video'])
    expect(namesOf(text).filter((name) => transcoding.includes(name))).toEqual([])
})

it('refuses unknown names and lists the known ones', () => {
  expect(() => namesOf('vidoe,email')).toThrow(/WORKER_QUEUES: vidoe: not a domain or kind.*video, .*machine/)
})

it('refuses a selection without any kind, and single kinds of machines', () => {
  expect(() => namesOf('email,-email')).toThrow('WORKER_QUEUES: excludes every kind')
  expect(() => namesOf('machine.provision')).toThrow('without the other kinds of machine')
})
