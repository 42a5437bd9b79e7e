import { expect, it } from 'vitest'
import { videoCommands } from './commands/videos'

it('describes the flags of a list once, for the usage and for the parser', () => {
  const { usage, options } = videoCommands['videos list']!
  expect(usage).toBe('[--search TEXT] [--state STATE] [--tag TAG] [--limit N]')
  expect(options).toEqual({
    search: { type: 'string' },
    state: { type: 'string' },
    tag: { type: 'string' },
    limit: { type: 'string' },
  })
})
