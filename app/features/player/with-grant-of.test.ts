import { expect, it } from 'vitest'
import { withGrantOf } from './with-grant-of'

it('loads the files of a shared video by the latest grant, and those of its owner unchanged', () => {
  const segment = 'https://example.com/media/shares/a.1.b.c/hls/360p/0.m4s?v=1'
  expect(withGrantOf(segment, '/media/shares/a.2.b.d/hls/master.m3u8')).toBe(
    'https://example.com/media/shares/a.2.b.d/hls/360p/0.m4s?v=1',
  )
  const own = '/media/videos/1/hls/360p/0.m4s'
  expect(withGrantOf(own, '/media/videos/1/hls/master.m3u8')).toBe(own)
})
