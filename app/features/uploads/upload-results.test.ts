import { expect, it } from 'vitest'
import { parseVideoId } from './upload-results'

const parseResponse = (responseText: string) => parseVideoId({ xhr: { responseText } as XMLHttpRequest })

it('reads the video id from the last response of an upload', () => {
  expect(parseResponse('{"videoId":"v","taskId":"t"}')).toBe('v')
  expect(parseResponse('')).toBeUndefined()
  expect(parseResponse('{"title":"no"}')).toBeUndefined()
  expect(parseVideoId(undefined)).toBeUndefined()
})
