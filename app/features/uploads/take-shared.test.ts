import { expect, it } from 'vitest'
import { findLink } from './take-shared'

it.each([
  ['https://example.com/a.mp4 null null', 'https://example.com/a.mp4'],
  ['null Look at this: http://example.com/a.mp4?x=1#t=2 Holiday', 'http://example.com/a.mp4?x=1#t=2'],
  ['null no link null', null],
  ['javascript:alert(1) data:text/html,x', null],
])('finds the link in "%s"', (text, link) => expect(findLink(text)).toBe(link))
