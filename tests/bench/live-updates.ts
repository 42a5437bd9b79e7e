import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { openDb } from '@/lib/database/db'
import { readDatabaseUrl } from '@/scripts/database-url'
import type { startApp } from '@/tests/support/app'
import { updateClaimedTask } from '@/worker/runtime/claim'
import { insertTask } from './insert-task'
import { quantile, type Measurement } from './measurement'
import { withSignedInPage } from './signed-in-page'

const WRITES = 300
const INTERVAL_MS = 60

/** Time from writing the progress of a running task until the text changes in the DOM of a real page. */
export const benchmarkLiveUpdates = (options: Options) =>
  withSignedInPage(options, (page) => measureLiveUpdates(options, page))

async function measureLiveUpdates({ app, email }: Options, page: Page): Promise<Measurement[]> {
  const db = openDb({ url: readDatabaseUrl(app.dataDir)! })
  try {
    const { id: ownerId } = await db.user.findUniqueOrThrow({ where: { email } })
    const taskId = await insertTask(db, ownerId, { stage: 'step 0.' })
    await page.goto(`/tasks/${taskId}`)
    await page.getByText('step 0.').first().waitFor()
    await page.evaluate(WATCH_STEPS)
    const writtenAt: number[] = []
    for (let n = 1; n <= WRITES; n++) {
      writtenAt[n] = Date.now()
      await updateClaimedTask(db, { taskId, claim: 0 }, { stage: `step ${n}.`, progress: n / WRITES })
      await delay(INTERVAL_MS)
    }
    await page.getByText(`step ${WRITES}.`).first().waitFor()
    const seenAt = await page.evaluate(() => (window as unknown as WatchedWindow).seenAt)
    const waits = Object.entries(seenAt).flatMap(([n, at]) =>
      writtenAt[Number(n)] ? [at - writtenAt[Number(n)]!] : [],
    )
    await db.task.delete({ where: { id: taskId } })
    return [
      { name: `progress write → browser, p50 of ${waits.length}`, value: quantile(waits, 0.5), unit: 'ms' },
      { name: 'progress write → browser, p99', value: quantile(waits, 0.99), unit: 'ms', aim: '≤ 50' },
    ]
  } finally {
    await db.$disconnect()
  }
}

interface Options {
  app: Awaited<ReturnType<typeof startApp>>
  url: string
  email: string
  password: string
}
interface WatchedWindow {
  seenAt: Record<string, number>
}

/** Runs in the page: records when each step first appears. A string, because tsx adds helpers to functions. */
const WATCH_STEPS = `
  window.seenAt = {}
  const recordSteps = () => {
    for (const [, n] of document.body.textContent.matchAll(/step (\\d+)\\./g)) window.seenAt[n] ??= Date.now()
  }
  new MutationObserver(recordSteps).observe(document.body, { subtree: true, childList: true, characterData: true })
`
