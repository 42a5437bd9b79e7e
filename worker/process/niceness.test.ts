import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { nicenessArgs } from './niceness'

const PRINT_NICENESS = 'nice; cat /proc/self/autogroup 2>/dev/null'

it('lowers the priority of the program and of its session', async () => {
  const [file, ...args] = [...nicenessArgs(7), 'sh', '-c', PRINT_NICENESS]
  const child = spawn(file!, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const hasGroups = existsSync('/proc/self/autogroup')
  expect(await text(child.stdout)).toMatch(hasGroups ? /^7\n.* nice 7\n$/ : /^7\n$/)
})
