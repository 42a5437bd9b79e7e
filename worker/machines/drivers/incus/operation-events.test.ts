import { EventEmitter } from 'node:events'
import type WebSocket from 'ws'
import { expect, it } from 'vitest'
import { OperationEvents } from './operation-events'

function openStream() {
  const socket = Object.assign(new EventEmitter(), { resume: () => undefined, terminate: () => undefined })
  const send = (id: string, metadata: object | null) =>
    socket.emit('message', Buffer.from(JSON.stringify({ type: 'operation', metadata: { id, metadata } })))
  return { socket: socket as unknown as WebSocket, send }
}

it('reports the progress of the operations that are followed', async () => {
  const { socket, send } = openStream()
  const events = new OperationEvents(async () => socket)
  await events.connect()
  const seen: unknown[] = []
  const unfollow = events.follow('a', (...progress) => seen.push(progress))
  send('b', { unpack_progress: 'Unpack: 1%', progress: { percent: '1' } })
  send('a', null)
  send('a', { unpack_progress: 'Unpack: 23%', progress: { percent: '23' } })
  send('a', { download_progress: 'rootfs: 5 MB' })
  unfollow()
  send('a', { unpack_progress: 'Unpack: 99%', progress: { percent: '99' } })
  expect(seen).toEqual([
    [0.23, 'Unpack: 23%'],
    [undefined, 'rootfs: 5 MB'],
  ])
})

it('opens the stream again after it was closed, and does without it while it fails', async () => {
  let attempts = 0
  const { socket } = openStream()
  const events = new OperationEvents(async () => {
    if (++attempts === 1) throw new Error('away')
    return socket
  })
  await events.connect()
  await events.connect()
  await events.connect()
  expect(attempts).toBe(2)
  socket.emit('close')
  await events.connect()
  expect(attempts).toBe(3)
})
