import { expect, it } from 'vitest'
import { mergeAudioGroups } from './surround-tracks'

const track = (name: string, groupId: string, url: string) => ({
  name,
  groupId,
  url,
  default: name === 'English',
})
const stereo = [track('English', 'audio', '/audio-0'), track('Comments', 'audio', '/audio-1')]
const surround = [
  track('English', 'surround', '/audio-0-surround'),
  track('Comments', 'surround', '/audio-1'),
]
const list = (tracks: typeof stereo) =>
  mergeAudioGroups(tracks).map((merged) => [merged.name, merged.url, merged.default])

it('lists tracks in 5.1 after those in stereo, each once', () => {
  expect(list([...stereo, ...surround])).toEqual([
    ['English', '/audio-0', true],
    ['Comments', '/audio-1', false],
    ['English · 5.1', '/audio-0-surround', false],
  ])
})

it('names the renditions of a single track by their channels', () => {
  expect(list([stereo[0]!, surround[0]!])).toEqual([
    ['Stereo', '/audio-0', true],
    ['5.1', '/audio-0-surround', false],
  ])
})

it('leaves tracks in stereo as they are', () => {
  expect(mergeAudioGroups(stereo)).toEqual(stereo)
  expect(mergeAudioGroups([])).toEqual([])
})
