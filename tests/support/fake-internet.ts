import { execFile, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createSocket } from 'node:dgram'
import { promisify } from 'node:util'
import { killAndWait } from './processes'

const execFileAsync = promisify(execFile)

const runIp = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'inherit'] })

/** Addresses reserved for documentation (RFC 5737). */
const HOST_ADDRESS = '198.51.100.1'
const SERVER_ADDRESS = '198.51.100.2'
const PAGE_BYTES = 1_000_000

/**
 * Starts a web server in another network namespace, where it is reachable like a server on the internet. Requires root.
 */
export async function startFakeInternet() {
  const name = `mw-${randomBytes(4).toString('hex')}`
  runIp('netns', 'add', name)
  runIp('link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name)
  runIp('address', 'add', `${HOST_ADDRESS}/24`, 'dev', name)
  runIp('link', 'set', name, 'up')
  runIp('-n', name, 'address', 'add', `${SERVER_ADDRESS}/24`, 'dev', 'eth0')
  runIp('-n', name, 'link', 'set', 'eth0', 'up')
  const page = `require('http').createServer((request, response) => response.end('internet '.padEnd(request.url === '/big' ? ${PAGE_BYTES} : 9)))`
  const server = spawn(
    'ip',
    ['netns', 'exec', name, process.execPath, '-e', `${page}.listen(80, () => console.log('ready'))`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await once(server.stdout, 'data')
  return {
    serverAddress: SERVER_ADDRESS,
    /** Address of this host in the network of the server. */
    hostAddress: HOST_ADDRESS,
    pageBytes: PAGE_BYTES,
    /** Fetches `url` from inside the network of the server and returns the body. */
    async fetchFrom(url: string) {
      const code = `fetch('${url}').then((response) => response.text()).then(console.log)`
      const { stdout } = await execFileAsync('ip', ['netns', 'exec', name, process.execPath, '-e', code])
      return stdout.trim()
    },
    /** Adds an address to this host. */
    addAddress: (address: string) => runIp('address', 'add', `${address}/32`, 'dev', name),
    async close() {
      await killAndWait(server)
      runIp('link', 'del', name)
      runIp('netns', 'del', name)
    },
  }
}

/** Starts a DNS resolver on the loopback interface, as many distributions run one. Resolves every name to `address`. */
export async function startResolver(address: string) {
  const socket = createSocket('udp4')
  socket.on('message', (question, { port, address: from }) => {
    const end = question.indexOf(0, 12) + 5
    const isAddress = question.readUInt16BE(end - 4) === 1
    const head = Buffer.from([0x81, 0x80, 0, 1, 0, isAddress ? 1 : 0, 0, 0, 0, 0])
    const record = [0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split('.').map(Number)]
    socket.send(
      Buffer.concat([
        question.subarray(0, 2),
        head,
        question.subarray(12, end),
        Buffer.from(isAddress ? record : []),
      ]),
      port,
      from,
    )
  })
  await new Promise<void>((resolve) => socket.bind(53, '127.0.0.77', resolve))
  return { address: '127.0.0.77', close: () => socket.close() }
}
