import { expect, it } from 'vitest'
import { parseVideoId } from './create-uppy'

const parseResponse = (responseText: string) => parseVideoId({ xhr: { responseText } as XMLHttpRequest })

it('knows the video by what the server said last', () => {
  expect(parseResponse('{"videoId":"v","taskId":"t"}')).toBe('v')
  expect(parseResponse('')).toBeUndefined()
  expect(parseResponse('{"title":"no"}')).toBeUndefined()
  expect(parseVideoId(undefined)).toBeUndefined()
})
