import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { nicenessArgs } from './niceness'

const SEEN = 'nice; cat /proc/self/autogroup 2>/dev/null'

it('steps back among the processes of its session, and its session among all', async () => {
  const [file, ...args] = [...nicenessArgs(7), 'sh', '-c', SEEN]
  const child = spawn(file!, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const hasGroups = existsSync('/proc/self/autogroup')
  expect(await text(child.stdout)).toMatch(hasGroups ? /^7\n.* nice 7\n$/ : /^7\n$/)
})
