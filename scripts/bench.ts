import { execFile, execFileSync } from 'node:child_process'
import {
  createReadStream,
  createWriteStream,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import type { VideoDto } from '@/lib/videos/contract'
import { planLadder } from '@/lib/videos/ladder'
import { startApp } from '@/tests/support/app'
import { makeLadder } from '@/worker/video/engine/make-ladder'
import { probeMedia } from '@/worker/video/engine/probe'

// `npm run bench`: what the README promises of speed, measured side by side in one run. JSON goes to bench.json.
const run = promisify(execFile)
const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
const signal = new AbortController().signal
const memoryBytes = 6 * 1024 ** 3
const results: Record<string, number> = {}

const quantile = (values: number[], q: number) =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * q)]!
async function timed(work: () => Promise<unknown>) {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

function makeClip(name: string, seconds: number, encoder: string[]) {
  const file = path.join(dir, name)
  const inputs = [
    '-f',
    'lavfi',
    '-i',
    `testsrc2=s=1920x1080:r=25:d=${seconds}`,
    '-f',
    'lavfi',
    '-i',
    `sine=f=440:d=${seconds}`,
  ]
  execFileSync('ffmpeg', [
    '-v',
    'error',
    ...inputs,
    ...encoder,
    '-pix_fmt',
    'yuv420p',
    '-g',
    '50',
    '-c:a',
    'aac',
    file,
  ])
  return file
}

async function benchLadder(clip: string) {
  const info = await probeMedia({ path: clip, signal, memoryBytes })
  const ladder = planLadder(info)
  const nothing = async () => undefined
  const ours = () =>
    makeLadder({
      sourcePath: clip,
      info,
      ladder,
      stored: new Map(),
      signal,
      threads: 2,
      memoryBytes,
      wallClockMs: 3_600_000,
      onInit: nothing,
      onSegment: nothing,
      onEnd: nothing,
      onProgress: () => undefined,
    })
  const rates = ladder.encodes.map((rung) => ({ ...rung, out: path.join(dir, `${rung.name}.mp4`) }))
  const encode = (rung: (typeof rates)[number]) => [
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-crf',
    '23',
    '-maxrate',
    `${rung.maxRateBps}`,
    '-bufsize',
    `${2 * rung.maxRateBps}`,
    '-g',
    '100',
  ]
  const graph = rates.map((rung, n) => {
    const split = n < rates.length - 1 ? `,split=2[o${n}][n${n + 1}]` : `[o${n}]`
    return `${n === 0 ? '[0:v]' : `[n${n}]`}scale=${rung.width}:${rung.height}${split}`
  })
  const byHand = () =>
    run('ffmpeg', [
      '-y',
      '-v',
      'error',
      '-i',
      clip,
      '-filter_complex',
      graph.join(';'),
      ...rates.flatMap((rung, n) => ['-map', `[o${n}]`, ...encode(rung), rung.out]),
    ])
  const perRung = async () => {
    for (const rung of rates)
      await run('ffmpeg', [
        '-y',
        '-v',
        'error',
        '-i',
        clip,
        '-an',
        '-vf',
        `scale=${rung.width}:${rung.height}`,
        ...encode(rung),
        rung.out,
      ])
  }
  const times = { ours: [] as number[], byHand: [] as number[], perRung: [] as number[] }
  for (let round = 0; round < 3; round++) {
    times.ours.push(await timed(ours))
    times.byHand.push(await timed(byHand))
    times.perRung.push(await timed(perRung))
  }
  const median = (values: number[]) => quantile(values, 0.5)
  results['ladder seconds'] = median(times.ours) / 1000
  results['ladder / one cascade by hand (aim ≤ 1.10)'] = median(times.ours) / median(times.byHand)
  results['ladder / one process per rung'] = median(times.ours) / median(times.perRung)
}

async function benchApp(clips: { webSafe: string; other: string }) {
  const app = await startApp({ LOG_LEVEL: 'warn' })
  try {
    const admin = (...args: string[]) =>
      execFileSync(process.execPath, ['--import', 'tsx', 'scripts/admin.ts', ...args], { env: app.env })
        .toString()
        .trim()
    admin('create-user', '--email', 'bench@example.com', '--password', 'correct-horse-battery', '--admin')
    const headers = {
      authorization: `Bearer ${admin('create-key', '--email', 'bench@example.com', '--name', 'bench')}`,
    }
    const read = async (at: string) =>
      (await (await fetch(`${app.url}${at}`, { headers })).json()) as VideoDto
    const upload = async (file: string) => {
      const answer = await fetch(`${app.url}/api/v1/videos?filename=bench.mp4`, {
        method: 'POST',
        headers,
        body: readFileSync(file),
      })
      return ((await answer.json()) as { video: VideoDto }).video
    }
    for (const [name, file] of Object.entries(clips)) {
      const times: number[] = []
      for (let round = 0; round < 3; round++) {
        const video = await upload(file)
        times.push(
          await timed(async () => {
            while (!(await read(`/api/v1/videos/${video.id}`)).isPlayable)
              await new Promise((resolve) => setTimeout(resolve, 20))
          }),
        )
        while (!['done', 'failed'].includes((await read(`/api/v1/videos/${video.id}`)).state))
          await new Promise((resolve) => setTimeout(resolve, 500))
      }
      const aim = name === 'webSafe' ? 1_000 : 4_000
      results[`answer → playable ms, ${name} (aim ≤ ${aim})`] = quantile(times, 0.5)
    }
    await benchUpload(app.url, headers)
  } finally {
    await app.stop()
  }
}

/** The same bytes by tus and by a bare Node server that only writes them to disk. */
async function benchUpload(url: string, headers: Record<string, string>) {
  const sizeBytes = 512 * 1024 ** 2
  const file = path.join(dir, 'large.mp4')
  writeFileSync(
    file,
    Buffer.concat([readFileSync(path.join(dir, 'safe.mp4')), Buffer.alloc(sizeBytes)]).subarray(0, sizeBytes),
  )
  const bare = createServer((request, response) => {
    void pipeline(request, createWriteStream(path.join(dir, 'bare'))).then(() => response.end())
  })
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve))
  const { port } = bare.address() as { port: number }
  const send = (to: string, init: RequestInit) =>
    fetch(to, {
      ...init,
      body: Readable.toWeb(createReadStream(file)) as ReadableStream,
      duplex: 'half',
    } as RequestInit)
  const ratios: number[] = []
  for (let round = 0; round < 3; round++) {
    const bareMs = await timed(() => send(`http://127.0.0.1:${port}`, { method: 'POST' }))
    const tus = { ...headers, 'tus-resumable': '1.0.0' }
    const metadata = {
      'upload-length': String(sizeBytes),
      'upload-metadata': `filename ${btoa('large.mp4')}`,
    }
    const created = await fetch(`${url}/api/uploads`, { method: 'POST', headers: { ...tus, ...metadata } })
    const patch = { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }
    const ours = await timed(() =>
      send(`${url}${created.headers.get('location')}`, { method: 'PATCH', headers: patch }),
    )
    ratios.push(bareMs / ours)
  }
  bare.close()
  results['upload throughput / bare stream to disk (aim ≥ 0.70)'] = quantile(ratios, 0.5)
}

try {
  const webSafe = makeClip('safe.mp4', 20, ['-c:v', 'libx264', '-preset', 'ultrafast'])
  const other = makeClip('other.mkv', 20, ['-c:v', 'mpeg4', '-q:v', '4'])
  await benchLadder(webSafe)
  await benchApp({ webSafe, other })
  for (const [name, value] of Object.entries(results))
    process.stdout.write(`${value.toFixed(2).padStart(10)}  ${name}\n`)
  writeFileSync('bench.json', `${JSON.stringify(results, null, 2)}\n`)
} finally {
  rmSync(dir, { recursive: true, force: true })
}
process.exit()
