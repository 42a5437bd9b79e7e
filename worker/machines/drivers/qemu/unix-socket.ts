import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'

/** Refers to a file without opening it (open(2)). Node.js does not name it; the same on x86 and Arm. */
const O_PATH = 0o10000000

/**
 * Connects to a socket of any path length, in a folder that the other side may write to: a link in its place, such as to
 * a socket of another machine, is not followed.
 * @throws {Error} ENOENT, ECONNREFUSED, or that it is not a socket
 */
export async function connectUnixSocket(file: string) {
  const path = openSync(file, O_PATH | constants.O_NOFOLLOW)
  if (!fstatSync(path).isSocket()) {
    closeSync(path)
    throw new Error(`not a socket: ${file}`)
  }
  return new Promise<Socket>((resolve, reject) => {
    const socket = createConnection(`/proc/self/fd/${path}`)
    let isSettled = false
    const settle = () => {
      if (!isSettled) closeSync(path)
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
