import { expect, it } from 'vitest'
import { isSidecarOf } from './sidecars'

it.each([
  ['film.srt', true],
  ['Film.VTT', true],
  ['film.de.srt', true],
  ['film.pt-BR.vtt', true],
  ['film.de.forced.srt', true],
  ['film.de.sdh.cc.srt', true],
  ['film.de.cut.srt', false],
  ['film 2.srt', false],
  ['film.directors cut.srt', false],
  ['other.srt', false],
])('matches %s with film.mp4: %s', (name, isOwn) => {
  expect(isSidecarOf({ name }, { name: 'film.mp4' })).toBe(isOwn)
})
