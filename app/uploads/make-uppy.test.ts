import { expect, it } from 'vitest'
import { videoOf } from './make-uppy'

const said = (responseText: string) => videoOf({ xhr: { responseText } as XMLHttpRequest })

it('knows the video by what the server said last', () => {
  expect(said('{"videoId":"v","taskId":"t"}')).toBe('v')
  expect(said('')).toBeUndefined()
  expect(said('{"title":"no"}')).toBeUndefined()
  expect(videoOf(undefined)).toBeUndefined()
})
