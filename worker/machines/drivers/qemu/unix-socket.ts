import { closeSync, openSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import path from 'node:path'

/** What `sun_path` of unix(7) holds. */
const MAX_PATH_BYTES = 107

/** Connects to a socket wherever its folder is: paths that are too long go through a descriptor of it. */
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
    // Stays for the life of the socket: that a machine went away is news for whoever waits, no crash.
    socket.on('error', reject)
    socket.once('close', settle)
  })
}
