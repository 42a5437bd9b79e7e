// Checks the port. Runs before anything is installed, so it imports only modules of Node.js.
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'

/** Returns why the server cannot listen on `port` and how to fix it; undefined if it can. */
export async function findPortProblem(port, host) {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return 'PORT must be a number from 1 to 65535.'
  const code = await new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error) => resolve(error.code))
    probe.listen(port, host, () => probe.close(() => resolve(undefined)))
  })
  const advice = `Choose another port: PORT=${port < 65_535 ? port + 1 : port - 1} npm start`
  if (code === 'EADDRINUSE') return `Port ${port} on ${host} is in use${describePortOwner(port)}. ${advice}`
  if (code === 'EACCES') return `Permission denied for port ${port}. ${advice.replace(/\d+/, '3000')}`
  if (code) return `Cannot listen on HOST=${host} (${code}). Use an address of this computer.`
}

/** Empty on systems other than Linux, and for processes of other users. */
function describePortOwner(port) {
  try {
    const inodes = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => findListenerInodes(table, port))
    const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && hasSocket(name, inodes))
    if (!pid) return ''
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim()
    return ` by process ${pid} (${command.slice(0, 60)})`
  } catch {
    return ''
  }
}

/** Inodes of the sockets that listen on `port`; for the columns see proc_pid_net(5). */
function findListenerInodes(table, port) {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const rows = readFileSync(table, 'utf8').split('\n').slice(1)
  const columns = rows.map((row) => row.trim().split(/\s+/))
  const LISTEN = '0A'
  return columns.filter((row) => row[1]?.endsWith(`:${hex}`) && row[3] === LISTEN).map((row) => row[9])
}

function hasSocket(pid, inodes) {
  try {
    const files = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
    return inodes.some((inode) => files.includes(`socket:[${inode}]`))
  } catch {
    return false
  }
}
