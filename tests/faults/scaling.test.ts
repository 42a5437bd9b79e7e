import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { DISK } from '@/tests/support/cluster/network'
import { startCluster } from '@/tests/support/cluster/start-cluster'
import { generateCounter } from '@/tests/support/frame-counter'

const document = readFileSync('docs/scaling.md', 'utf8')
const cluster = await startCluster()
afterAll(() => cluster?.stop())

/** The content of the first code block whose opening line ends with `info`. */
function readBlock(info: string) {
  const block = new RegExp(`^( *)\`\`\`${info}\\n([\\s\\S]*?)^ *\`\`\`$`, 'm').exec(document)
  if (!block) throw new Error(`docs/scaling.md has no block ${info}`)
  return block[2]!.replaceAll(new RegExp(`^${block[1]}`, 'gm'), '')
}

/** The settings of the document, with the addresses and secrets of the cluster. */
function fillSettings() {
  const { env, ownerUrl } = cluster!
  const [database, service] = [new URL(ownerUrl), new URL(env.S3_ENDPOINT!)]
  database.hostname = 'db'
  service.hostname = 's3'
  const values = { ...env, DATABASE_URL: database.href, S3_ENDPOINT: service.origin }
  return readBlock('ini').replaceAll(
    /^(DATABASE_URL|S3_\w+|AWS_\w+|AUTH_SECRET)=.*/gm,
    (_, name: string) => `${name}=${values[name as keyof typeof values]}`,
  )
}

it.runIf(cluster)(
  'the script of docs/scaling.md uploads on one computer, makes the renditions on two others, and plays them on the first',
  async () => {
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => cluster!.network.addHost(name)))
    for (const { disk } of [a!, b!, c!]) writeFileSync(path.join(disk, 'meanwhile.env'), fillSettings())
    await generateCounter(path.join(a!.disk, 'film.mp4'), { seconds: 112, width: 768, height: 432 })
    const env = { PATH: process.env.PATH, HOME: DISK, TMPDIR: DISK } as unknown as NodeJS.ProcessEnv
    const run = (host: typeof a, info: string) => host!.spawn('bash', ['-euc', readBlock(info)], { env })

    const web = run(a, 'sh host=a')
    await web.waitUntil(async () => (await fetch(`http://${a!.address}:3000/api/openapi.json`)).ok)
    const workers = [run(b, 'sh host=b,c'), run(c, 'sh host=b,c')]
    for (const worker of workers) await worker.waitUntil(async () => worker.output().includes('worker ready'))
    const script = run(a, 'sh host=a terminal=2')
    await expect.poll(script.exitCode, { timeout: 240_000, interval: 500 }).not.toBeNull()
    expect([script.exitCode(), script.output()]).toEqual([
      0,
      expect.stringMatching(/^Created .*\n +\d b\n +\d c\n$/),
    ])
  },
  600_000,
)
