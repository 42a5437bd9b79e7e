import { chromium } from 'playwright'
import { afterAll, beforeAll, it } from 'vitest'
import { useQueueFixture } from '@/tests/support/queue-fixture'
import { FAKE_MACHINES, startWeb, startWorker, type Web } from '@/tests/support/web'
import { inspectVideoTask, transcodeVideoTask } from '@/lib/videos/tasks'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { TEST_PASSWORD } from '@/tests/support/accounts'

const fixture = useQueueFixture()
let web: Web
let worker: Awaited<ReturnType<typeof startWorker>>
beforeAll(async () => {
  web = await startWeb({ databaseUrl: fixture.database.url, env: FAKE_MACHINES })
  worker = await startWorker(web, { WORKER_QUEUES: '-video' })
})
afterAll(async () => {
  await worker.stop('SIGTERM')
  await web.stop()
})
it('shots', async () => {
  const ada = await web.createUser('ada@example.com', { isAdmin: true })
  const { id: ownerId } = await fixture.db.user.findUniqueOrThrow({ where: { email: ada.email } })
  await fixture.db.$transaction((tx) =>
    enqueueTask(tx, fixture.boss, {
      kind: inspectVideoTask,
      payload: { videoId: '00000000-0000-4000-8000-000000000000' },
      ownerId,
    }),
  )
  const t = await fixture.db.$transaction((tx) =>
    enqueueTask(tx, fixture.boss, {
      kind: transcodeVideoTask,
      payload: { videoId: '00000000-0000-4000-8000-000000000000' },
      ownerId,
    }),
  )
  await fixture.db
    .$executeRaw`UPDATE task SET state='in_progress', claim=1, progress=0.4, stage='720p' WHERE id=${t.id}::uuid`
  await fixture.db
    .$executeRaw`INSERT INTO task_attempt ("taskId", claim, attempt, queue, "workerId", "waitSeconds") VALUES (${t.id}::uuid, 1, 1, 'video.transcode', 'render-2.example.net.812.abc', 0)`
  await fixture.db
    .$executeRaw`INSERT INTO worker_beat (id,"seenAt",hostname,pid,role,version,queues,"clockOffsetMs",load,cpus,"memoryUsedBytes","memoryTotalBytes","rssBytes","drainReason") VALUES
   ('render-2.example.net.812.abc', now(), 'render-2.example.net', 812, 'worker','0.1.0','{}',600100,7.92,8,12300000000,33500000000,412000000,'The database is newer than this process: it has the migration 20261201120000_chunks. Update this process.'),
   ('render-3.example.net.77.abc', now() - interval '3 minutes', 'render-3.example.net', 77, 'worker','0.1.0','{video.transcode,video.caption}',3,1.1,16,2300000000,63500000000,212000000,null)`
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  for (const [name, width, scheme] of [
    ['light', 1280, 'light'],
    ['dark', 1280, 'dark'],
    ['phone', 390, 'light'],
  ] as const) {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme: scheme,
      baseURL: web.url,
    })
    await context.request.post('/api/auth/sign-in/email', {
      data: { email: ada.email, password: TEST_PASSWORD },
      headers: { origin: web.url },
    })
    const page = await context.newPage()
    for (const [n, at] of [
      ['admin', '/admin'],
      ['queues', '/admin/queues'],
      ['activity', '/activity'],
    ] as const) {
      await page.goto(at)
      await page.waitForTimeout(1500)
      await page.screenshot({ path: `/tmp/wt-data-hosts-${n}-${name}.png`, fullPage: true })
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      console.log(n, name, 'overflow', over)
    }
    await context.close()
  }
  await browser.close()
})
