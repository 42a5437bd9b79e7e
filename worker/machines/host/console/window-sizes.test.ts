import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import type { ViewerSocket } from './viewer-stream'
import { WindowSizes } from './window-sizes'

/** A viewer in this process. @returns the sizes that are sent to it, and what sets its own */
function follow(sizes: WindowSizes, machineId: string) {
  const page = new EventEmitter()
  const sent: unknown[] = []
  const socket = {
    on: (event: string, listener: (size: unknown) => void) => page.on(event, listener),
    emit: (_event: string, size: unknown) => sent.push(size),
    to: () => ({ emit: () => true }),
  }
  sizes.follow(socket as unknown as ViewerSocket, machineId)
  return { sent, resize: (size: unknown) => page.emit('resize', size) }
}

it('forgets the machine whose size was set longest ago after a thousand others', () => {
  const sizes = new WindowSizes()
  const size = { columns: 80, rows: 24 }
  const [old, used] = [follow(sizes, 'old'), follow(sizes, 'used')]
  old.resize(size)
  used.resize(size)
  for (let n = 0; n < 999; n++) follow(sizes, `${n}`).resize(size)
  used.resize(size)
  follow(sizes, 'last').resize(size)
  expect(follow(sizes, 'old').sent).toEqual([])
  expect(follow(sizes, 'used').sent).toEqual([size])
  expect(follow(sizes, 'last').sent).toEqual([size])
})
