// `npm start`: sets everything up and runs it, from a fresh clone on.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import {
  bin,
  build,
  generateClient,
  installPackages,
  installSystemParts,
  MEDIA_PROGRAMS,
  root,
  say,
  withNode24,
} from './prepare.mjs'

const isDevelopment = process.argv.includes('--dev')
const host = process.env.HOST || '127.0.0.1'
const port = Number(process.env.PORT || 3000)

const isFree = await new Promise((resolve) => {
  const probe = createServer()
  probe.once('error', () => resolve(false))
  probe.listen(port, host, () => probe.close(() => resolve(true)))
})
if (!isFree) {
  say(`Port ${port} on ${host} is in use. Choose another one: PORT=${port + 1} npm start`)
  process.exit(1)
}
try {
  installPackages()
  installSystemParts(MEDIA_PROGRAMS)
  generateClient()
  if (!isDevelopment) build()
} catch (error) {
  say(`Stopped: ${error.message}.`)
  process.exit(1)
}
const child = spawn(
  bin('node'),
  ['--import', 'tsx', 'scripts/supervise.ts', ...(isDevelopment ? ['--dev'] : [])],
  {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: withNode24(process.env),
  },
)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill('SIGTERM'))
child.once('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
