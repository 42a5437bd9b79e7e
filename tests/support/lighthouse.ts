import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

/** Not among the packages: it and what it depends on are 176 MB. */
const LIGHTHOUSE = 'lighthouse@13.5.0'

export const LIGHTHOUSE_CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const

type LighthouseCategory = (typeof LIGHTHOUSE_CATEGORIES)[number]

export interface LighthouseReport {
  categories: Record<LighthouseCategory, { score: number }>
  audits: Record<string, { title: string; score: number | null; numericValue?: number }>
}

/**
 * Rates a page with Lighthouse, throttled as by default: a phone four times slower than this computer, 1.6 Mbit/s, 150 ms.
 * `profileDir` is the browser's, with its cookies; its cache is cleared first. Default: an empty profile.
 */
export async function rateWithLighthouse({ url, profileDir }: { url: string; profileDir?: string }) {
  const dir = profileDir ?? mkdtempSync(path.join(tmpdir(), 'meanwhile-lighthouse-'))
  try {
    const chromeFlags = `--headless=new --no-sandbox --password-store=basic --user-data-dir=${dir}`
    const { stdout } = await promisify(execFile)(
      'npx',
      [
        '--yes',
        LIGHTHOUSE,
        url,
        `--chrome-flags=${chromeFlags}`,
        `--only-categories=${LIGHTHOUSE_CATEGORIES.join(',')}`,
        '--output=json',
        '--quiet',
      ],
      { cwd: dir, env: { ...process.env, CHROME_PATH: '/usr/bin/chromium' }, maxBuffer: 1e8 },
    )
    return JSON.parse(stdout) as LighthouseReport
  } finally {
    if (!profileDir) rmSync(dir, { recursive: true, force: true })
  }
}
