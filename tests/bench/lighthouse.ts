import { execFile } from 'node:child_process'
import { mkdtempSync, openAsBlob, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { TaskDto } from '@/lib/tasks/schema'
import { isFinished } from '@/lib/tasks/state'
import type { VideoDto } from '@/lib/videos/schema'
import { generateLongClip } from './generate-clips'
import { median, type Measurement } from './measurement'
import { withSignedInPage } from './signed-in-page'

/** Not among the packages: it and what it depends on are 176 MB. */
const LIGHTHOUSE = 'lighthouse@13.5.0'
const ROUNDS = 3

interface Options {
  url: string
  key: string
  email: string
  password: string
}

interface Report {
  categories: { performance: { score: number } }
  audits: Record<string, { numericValue?: number }>
}

/** The performance of the home page and of the page of a video, in the browser of a signed-in user without a cache. */
export async function benchmarkLighthouse(options: Options): Promise<Measurement[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-lighthouse-'))
  try {
    const videoId = await uploadVideo(options, dir)
    const profileDir = path.join(dir, 'profile')
    await withSignedInPage({ ...options, profileDir }, async () => undefined)
    const measure = (name: string, at: string) => measurePage({ name, url: options.url + at, profileDir })
    return [...(await measure('home', '/')), ...(await measure('video', `/videos/${videoId}`))]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Returns the id of a video that is complete, so that nothing else occupies the CPU. */
async function uploadVideo({ url, key }: Options, dir: string) {
  const headers = { authorization: `Bearer ${key}` }
  const body = await openAsBlob(await generateLongClip(dir, { seconds: 20, isWebSafe: true }))
  const response = await fetch(`${url}/api/v1/videos?filename=clip.mp4`, { method: 'POST', headers, body })
  const { video } = (await response.json()) as { video: VideoDto }
  const hasUnfinishedTasks = async () => {
    const { tasks } = await (await fetch(`${url}/api/v1/tasks?limit=100`, { headers })).json()
    return tasks.some(({ state }: TaskDto) => !isFinished(state))
  }
  while (await hasUnfinishedTasks()) await delay(500)
  return video.id
}

async function measurePage(page: { name: string; url: string; profileDir: string }) {
  const { name, url, profileDir } = page
  const reports: Report[] = []
  const chromeFlags = `--headless=new --no-sandbox --password-store=basic --user-data-dir=${profileDir}`
  const args = ['--yes', LIGHTHOUSE, url, `--chrome-flags=${chromeFlags}`, '--only-categories=performance']
  const options = {
    cwd: profileDir,
    env: { ...process.env, CHROME_PATH: '/usr/bin/chromium' },
    maxBuffer: 1e8,
  }
  for (let round = 0; round < ROUNDS; round++) {
    const { stdout } = await promisify(execFile)('npx', [...args, '--output=json', '--quiet'], options)
    reports.push(JSON.parse(stdout))
  }
  const read = (audit: string) => median(reports.map(({ audits }) => audits[audit]?.numericValue ?? 0))
  const score = median(reports.map(({ categories }) => categories.performance.score * 100))
  return [
    { name: `Lighthouse performance, ${name}`, value: score, unit: 'count', aim: '≥ 95' },
    { name: '… first contentful paint', value: read('first-contentful-paint'), unit: 'ms' },
    { name: '… largest contentful paint', value: read('largest-contentful-paint'), unit: 'ms' },
    { name: '… total blocking time', value: read('total-blocking-time'), unit: 'ms' },
    { name: '… layout shift', value: read('cumulative-layout-shift'), unit: 'ratio' },
  ] satisfies Measurement[]
}
