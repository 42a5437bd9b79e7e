import { spawn } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { type AuthContext, type Connection, Server, type ServerChannel, utils } from 'ssh2'
import { fingerprintOf } from '@/worker/machines/drivers/ec2/serial-console'
import type { SerialKeys } from './ec2-fault-proxy'

const KEY_LIFETIME_MS = 60_000

/**
 * An SSH server in place of the endpoint of the serial console of EC2: it admits the key that was sent last for an instance, for 60 s, and one
 * session for each instance. A session is a shell in a terminal.
 */
export async function startSerialConsoleServer(keys: SerialKeys) {
  const hostKey = utils.generateKeyPairSync('ed25519')
  const sessions = new Map<string, Connection>()
  const server = new Server({ hostKeys: [hostKey.private] }, (connection) => {
    let instanceId = ''
    connection.on('authentication', (context) => {
      instanceId = /^(i-\w+)\.port0$/.exec(context.username)?.[1] ?? ''
      if (sessions.has(instanceId) || !isAdmitted(context, keys.get(instanceId))) return context.reject()
      context.accept()
    })
    connection.on('ready', () => {
      sessions.set(instanceId, connection)
      connection.on('session', (accept) => {
        const session = accept()
        session.on('pty', (acceptPty) => acceptPty?.())
        session.on('shell', (acceptShell) => runShell(acceptShell()))
      })
    })
    connection.on('close', () => {
      if (sessions.get(instanceId) === connection) sessions.delete(instanceId)
    })
    connection.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const publicKey = Buffer.from(hostKey.public.split(' ')[1]!, 'base64')
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    fingerprints: [fingerprintOf(publicKey)],
    /** Instances with a session. */
    sessions,
    async close() {
      for (const connection of sessions.values()) connection.end()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function isAdmitted(context: AuthContext, key?: { publicKey: string; at: number }) {
  if (context.method !== 'publickey' || !key || Date.now() - key.at > KEY_LIFETIME_MS) return false
  const parsed = utils.parseKey(key.publicKey)
  if (parsed instanceof Error || !parsed.getPublicSSH().equals(context.key.data)) return false
  // Without a signature, the client only inquires about the key.
  return !context.signature || parsed.verify(context.blob!, context.signature, context.hashAlgo)
}

function runShell(channel: ServerChannel) {
  const shell = spawn('script', ['--quiet', '--flush', '--command', '/bin/sh', '/dev/null'])
  channel.pipe(shell.stdin)
  shell.stdout.on('data', (bytes: Buffer) => channel.write(bytes))
  shell.on('exit', () => channel.end())
  channel.on('close', () => shell.kill('SIGKILL'))
}
