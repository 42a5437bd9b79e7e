import { spawn } from 'node:child_process'
import { expect, it } from 'vitest'
import { feedPipe } from './feed-pipe'

async function* createData(error?: Error) {
  for (let n = 0; n < 64; n++) yield Buffer.alloc(65_536)
  if (error) throw error
}

it('ends without an error if the program stops reading', async () => {
  const program = spawn('head', ['-c', '1'], { stdio: ['pipe', 'ignore', 'ignore'] })
  await expect(feedPipe(createData(), program.stdin)).resolves.toBeUndefined()
})

it('throws what reading the data throws', async () => {
  const program = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] })
  const error = new Error('the storage is away')
  await expect(feedPipe(createData(error), program.stdin)).rejects.toBe(error)
})
