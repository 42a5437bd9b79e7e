import { closeSync, openSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import path from 'node:path'

/** Capacity of `sun_path` (unix(7)) without the terminating zero. */
const MAX_PATH_BYTES = 107

/** Connects to a socket of any path length: a path that is too long goes through a file descriptor of its folder. */
export function connectUnixSocket(file: string) {
  const dir = file.length > MAX_PATH_BYTES ? openSync(path.dirname(file), 'r') : undefined
  const address = dir === undefined ? file : `/proc/self/fd/${dir}/${path.basename(file)}`
  return new Promise<Socket>((resolve, reject) => {
    const socket = createConnection(address)
    let isSettled = dir === undefined
    const settle = () => {
      if (!isSettled) closeSync(dir!)
      isSettled = true
    }
    socket.once('connect', () => {
      settle()
      resolve(socket)
    })
    // Stays registered after connecting: an unhandled 'error' event would crash the process.
    socket.on('error', reject)
    socket.once('close', settle)
  })
}
