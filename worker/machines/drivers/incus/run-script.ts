import { randomUUID } from 'node:crypto'
import type WebSocket from 'ws'
import type { Hypervisor } from '@/worker/machines/hypervisor'
import { scriptTimedOut } from '../machine-errors'
import type { Cluster } from './cluster'

type ScriptOptions = Parameters<Hypervisor['execute']>[1]

const MARK = 'MEANWHILE_SCRIPT'
/**
 * Standard error carries the exit code alone: LXD reports the codes 126 and 127 as failures of its own. Without one, the
 * script was killed.
 */
const RUN_SCRIPT = '/bin/sh -c "$1" 2>&1; echo $? >&2'
/** Kills every process that inherited the mark $1, and so also those that left the session of the script. */
const KILL_MARKED = `for file in /proc/[0-9]*/environ; do
  grep -q "${MARK}=$1" "$file" 2>/dev/null && pid=\${file#/proc/} && kill -9 "\${pid%/environ}"
done`

/**
 * Runs a script in the instance at `path` of the API. The exit code is undefined if it was killed.
 * @throws {AppError} machine.script_timeout, or as `Cluster.request`
 */
export async function runScript(cluster: Cluster, path: string, options: ScriptOptions) {
  const { script, timeoutMs, signal, onOutput } = options
  signal.throwIfAborted()
  const mark = randomUUID()
  const operation = await cluster.startOperation({
    method: 'POST',
    path: `${path}/exec`,
    body: {
      ...commandOf(RUN_SCRIPT, script),
      environment: { HOME: '/root', [MARK]: mark },
      'wait-for-websocket': true,
    },
  })
  const { fds } = operation.metadata as { fds: Record<string, string> }
  const stop = Promise.withResolvers<never>()
  const timer = setTimeout(() => stop.reject(scriptTimedOut(timeoutMs)), timeoutMs)
  const onAbort = () => stop.reject(signal.reason as Error)
  signal.addEventListener('abort', onAbort)
  // Not the one for signals and window sizes: the script may have ended before it is open.
  const opening = ['0', '1', '2'].map((name) => cluster.openWebSocket(operation, fds[name]!))
  try {
    const [input, output, status] = await Promise.all(opening)
    input!.send('')
    let code = ''
    const ended = Promise.all([
      cluster.waitForOperation(operation),
      readAll(output!, onOutput),
      readAll(status!, (bytes) => (code += bytes.toString())),
    ])
    ended.catch(() => undefined)
    await Promise.race([ended, stop.promise])
    return { exitCode: /^\d+/.test(code) ? Number(code) : undefined }
  } catch (error) {
    await cluster
      .runOperation({ method: 'POST', path: `${path}/exec`, body: commandOf(KILL_MARKED, mark) })
      .catch(() => undefined)
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    for (const socket of opening) void socket.then((one) => one.terminate()).catch(() => undefined)
  }
}

const commandOf = (program: string, argument: string) => ({
  command: ['/bin/sh', '-c', program, 'sh', argument],
  interactive: false,
})

/** Resolves at the end of the stream, which is a text message. */
const readAll = (socket: WebSocket, onBytes: (bytes: Buffer) => void) =>
  new Promise<void>((resolve) => {
    socket.on('message', (bytes: Buffer, isBinary) => (isBinary ? onBytes(bytes) : resolve()))
    socket.on('close', () => resolve())
    socket.resume()
  })
