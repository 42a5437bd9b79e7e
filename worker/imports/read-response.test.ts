import { expect, it } from 'vitest'
import { parseFilename } from './read-response'

it.each([
  ['attachment; filename="a film.mp4"', 'a film.mp4'],
  ['attachment; filename=film.mp4', 'film.mp4'],
  [String.raw`attachment; filename="a \"b\".mp4"`, 'a "b".mp4'],
  [`attachment; filename="x.mp4"; filename*=UTF-8''na%C3%AFve.mp4`, 'naïve.mp4'],
  [`attachment; filename*=UTF-8''%ff.mp4; filename="x.mp4"`, 'x.mp4'],
  ['inline', null],
  ['', null],
])('reads the file name of %s', (disposition, name) => expect(parseFilename(disposition)).toBe(name))
