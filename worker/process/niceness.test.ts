import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { getPriority } from 'node:os'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { nicenessArgs } from './niceness'

const PRINT_NICENESS = 'nice; cat /proc/self/autogroup 2>/dev/null'

it('lowers the priority of the program and of its session', async () => {
  const [file, ...args] = [...nicenessArgs(7), 'sh', '-c', PRINT_NICENESS]
  const child = spawn(file!, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  // nice(1) adds to the priority of these tests, which may themselves run at a lower one.
  const niceness = Math.min(19, getPriority() + 7)
  const session = existsSync('/proc/self/autogroup') ? '.* nice 7\\n' : ''
  expect(await text(child.stdout)).toMatch(new RegExp(`^${niceness}\\n${session}$`))
})
