import { closeSync, openSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import path from 'node:path'

/** What `sun_path` of unix(7) holds. */
const LONGEST_PATH = 107

/** Connects to a socket wherever its folder is: paths that are too long go through a descriptor of it. */
export function connectUnix(file: string) {
  const dir = file.length > LONGEST_PATH ? openSync(path.dirname(file), 'r') : undefined
  const address = dir === undefined ? file : `/proc/self/fd/${dir}/${path.basename(file)}`
  return new Promise<Socket>((resolve, reject) => {
    const socket = createConnection(address)
    const settle = () => {
      socket.removeAllListeners('error')
      if (dir !== undefined) closeSync(dir)
    }
    socket.once('connect', () => {
      settle()
      resolve(socket)
    })
    socket.once('error', (error) => {
      settle()
      reject(error)
    })
  })
}
