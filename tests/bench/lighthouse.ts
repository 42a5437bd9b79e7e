import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { LIGHTHOUSE_CATEGORIES, type LighthouseReport, rateWithLighthouse } from '@/tests/support/lighthouse'
import { createRatedPages, type RatedPage } from '@/tests/support/rated-pages'
import { generateLongClip } from './generate-clips'
import { median, type Measurement } from './measurement'
import { withSignedInPage } from './signed-in-page'

const ROUNDS = 3

interface Options {
  url: string
  key: string
  email: string
  password: string
}

/** The ratings of pages, in a browser without a cache: the medians of three rounds. */
export async function benchmarkLighthouse(options: Options): Promise<Measurement[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-lighthouse-'))
  try {
    const file = await generateLongClip(dir, { seconds: 20, isWebSafe: true })
    const pages = await createRatedPages({ ...options, file })
    const profileDir = path.join(dir, 'profile')
    await withSignedInPage({ ...options, profileDir }, async () => undefined)
    const measurements: Measurement[] = []
    for (const page of pages) measurements.push(...(await measurePage(page, profileDir)))
    return measurements
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function measurePage({ name, url, isSignedIn }: RatedPage, profileDir: string) {
  const reports: LighthouseReport[] = []
  for (let round = 0; round < ROUNDS; round++)
    reports.push(await rateWithLighthouse({ url, profileDir: isSignedIn ? profileDir : undefined }))
  const read = (audit: string) => median(reports.map(({ audits }) => audits[audit]?.numericValue ?? 0))
  return [
    ...LIGHTHOUSE_CATEGORIES.map((category): Measurement => {
      const score = median(reports.map(({ categories }) => categories[category].score * 100))
      return { name: `Lighthouse ${category}, ${name}`, value: score, unit: 'count', aim: '≥ 95' }
    }),
    { name: '… first contentful paint', value: read('first-contentful-paint'), unit: 'ms' },
    { name: '… largest contentful paint', value: read('largest-contentful-paint'), unit: 'ms' },
    { name: '… total blocking time', value: read('total-blocking-time'), unit: 'ms' },
    { name: '… layout shift', value: read('cumulative-layout-shift'), unit: 'ratio' },
  ] satisfies Measurement[]
}
