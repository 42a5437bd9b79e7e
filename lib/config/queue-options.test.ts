import { expect, it } from 'vitest'
import { readConfig } from './config'

it('reads the options of kinds from QUEUE_OPTIONS', () => {
  const QUEUE_OPTIONS = '{"video.transcode":{"concurrency":2,"startsPerSecond":0.5}}'
  expect(readConfig({ QUEUE_OPTIONS }).QUEUE_OPTIONS).toEqual({
    'video.transcode': { concurrency: 2, startsPerSecond: 0.5 },
  })
  expect(readConfig({}).QUEUE_OPTIONS).toEqual({})
})

it('names every invalid setting at once', () => {
  const options = {
    'video.inspect': { concurrency: 0, speed: 9 },
    'video.transcode': { heartbeatSeconds: 1 },
  }
  const read = () => readConfig({ QUEUE_OPTIONS: JSON.stringify(options), PORT: 'none' })
  for (const name of [
    'PORT',
    'QUEUE_OPTIONS.video.inspect.concurrency',
    'QUEUE_OPTIONS.video.inspect: Unrecognized key: "speed"',
    'QUEUE_OPTIONS.video.transcode.heartbeatSeconds',
  ])
    expect(read).toThrow(name)
  expect(() => readConfig({ QUEUE_OPTIONS: '{"a":' })).toThrow('QUEUE_OPTIONS: is not valid JSON')
})
