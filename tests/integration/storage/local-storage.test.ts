import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createLocalStorage } from '@/lib/storage/local-storage'
import { describeStorage } from '@/tests/support/contracts/storage-contract'

describeStorage('local', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'local-storage-'))
  return {
    storage: createLocalStorage(path.join(dir, 'storage')),
    close: () => rm(dir, { recursive: true, force: true }),
  }
})
