// Plain Node: the port is tried before anything is installed.
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'

/** What keeps us from listening on `port`, in words and with the way out; undefined when nothing does. */
export async function findPortProblem(port, host) {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return 'PORT has to be a number from 1 to 65535.'
  const code = await new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error) => resolve(error.code))
    probe.listen(port, host, () => probe.close(() => resolve(undefined)))
  })
  const other = `Choose another one: PORT=${port < 65_535 ? port + 1 : port - 1} npm start`
  if (code === 'EADDRINUSE') return `Port ${port} on ${host} is in use${describePortOwner(port)}. ${other}`
  if (code === 'EACCES')
    return `Port ${port} needs rights that you do not have. ${other.replace(/\d+/, '3000')}`
  if (code) return `HOST=${host} cannot be listened on (${code}). Use an address of this machine.`
}

/** Linux only, and only for processes that we may look at. */
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

/** Inodes of the sockets that listen on `port`; columns as in proc_net_tcp(5). */
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
