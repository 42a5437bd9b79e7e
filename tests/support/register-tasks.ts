import { beforeAll } from 'vitest'

// In a hook, because registration reads and caches the configuration, which a test file may set up first.
beforeAll(async () => {
  const { registerAllTasks } = await import('@/lib/register-tasks')
  registerAllTasks()
})
