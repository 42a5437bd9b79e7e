import { afterEach, expect, it, vi } from 'vitest'
import { findLink, takeShared } from './take-shared'

afterEach(() => vi.unstubAllGlobals())

it.each([
  ['https://example.com/a.mp4 null null', 'https://example.com/a.mp4'],
  ['null Look at this: http://example.com/a.mp4?x=1#t=2 Holiday', 'http://example.com/a.mp4?x=1#t=2'],
  ['null no link null', null],
  ['javascript:alert(1) data:text/html,x', null],
])('finds the link in "%s"', (text, link) => expect(findLink(text)).toBe(link))

it.each([
  ['without service workers', {}],
  ['without a worker that was registered', { serviceWorker: { getRegistration: async () => undefined } }],
])('takes nothing in a browser %s', async (_, navigator) => {
  vi.stubGlobal('navigator', navigator)
  expect(await takeShared()).toBeNull()
})
