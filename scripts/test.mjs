// `npm test`: installs and builds everything, runs all checks and tests, and counts them. Output of a check is written
// to test-results/<name>.log and printed only if it fails. `npm run test:full -- attacks` runs only the named parts.
import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { generateCode } from './generate-code.mjs'
import { installPackages } from './packages.mjs'
import { binPath, print, root, withPinnedNode } from './setup.mjs'
import {
  CAPTION_PROGRAMS,
  installBrowser,
  installSystemPackages,
  MACHINE_PROGRAMS,
  MEDIA_PROGRAMS,
  SOUND_PROGRAMS,
} from './system-packages.mjs'
import { readPlaywrightResults, readVitestResults } from './test-results.mjs'
import { buildWeb } from './web-build.mjs'

const PARTS = ['checks', 'unit', 'integration', 'attacks', 'faults', 'e2e']
const LONG_PARTS = ['attacks', 'faults']
const isFull = process.argv.includes('--full')
const named = process.argv.slice(2).filter((argument) => argument !== '--full')
const unknown = named.find((part) => !PARTS.includes(part))
if (unknown) {
  print(`Unknown part: ${unknown}. The parts are ${PARTS.join(', ')}.`)
  process.exit(2)
}
const isSelected = (part) => (named.length > 0 ? named.includes(part) : isFull || !LONG_PARTS.includes(part))
const total = { passed: 0, failed: 0, skipped: 0 }
const resultsDir = path.join(root, 'test-results')
const LOG_TAIL_LINES = 60

await Promise.all([
  installPackages({ isProduction: false }),
  installSystemPackages({
    ...MEDIA_PROGRAMS,
    ...MACHINE_PROGRAMS,
    ...CAPTION_PROGRAMS,
    ...(isFull ? { faketime: 'faketime', ...SOUND_PROGRAMS } : {}),
  }),
])
await installBrowser()
await generateCode()
const webBuild = buildWeb()
// A failure is reported below, where the build is awaited.
webBuild.catch(() => undefined)
rmSync(resultsDir, { recursive: true, force: true })
mkdirSync(resultsDir, { recursive: true })

const env = withPinnedNode({ ...process.env, ...(isFull ? { TEST_FULL: '1' } : {}) })

/** Runs a tool with its output in a log file. `readResults` counts its tests; without it, the tool counts as one. */
function runTool(name, command, args, readResults) {
  const logFile = path.join(resultsDir, `${name.replaceAll(' ', '-')}.log`)
  const log = openSync(logFile, 'w')
  const startedAt = Date.now()
  const { status } = spawnSync(binPath(command), args, { cwd: root, stdio: ['ignore', log, log], env })
  closeSync(log)
  const results = readResults?.() ?? {
    passed: status === 0 ? 1 : 0,
    failed: status === 0 ? 0 : 1,
    skipped: 0,
    failures: [],
  }
  // A suite can break outside its tests.
  if (status !== 0 && results.failed === 0) results.failed++
  for (const key of Object.keys(total)) total[key] += results[key]
  const seconds = Math.round((Date.now() - startedAt) / 1000)
  print(
    `${results.failed ? '✘' : '✓'} ${name}: ${results.passed} passed, ${results.failed} failed in ${seconds} s`,
  )
  if (results.failed === 0) return
  for (const failure of results.failures) print(`\n${failure}`)
  if (results.failures.length === 0)
    print(readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n'))
  print(`Full output: ${path.relative(root, logFile)}\n`)
}

function runVitest(project) {
  const file = path.join(resultsDir, `${project}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const args = ['run', '--project', `${project}*`, ...reporters, ...(isFull ? [] : ['--tags-filter=!full'])]
  runTool(`${project} tests`, 'vitest', args, () => readVitestResults(file, { isFull }))
}

if (isSelected('checks')) {
  runTool('format', 'oxfmt', ['--check', '.'])
  runTool('lint and architecture', 'oxlint', ['--type-aware', '--deny-warnings'])
  runTool('dead code', 'knip', [])
}
if (isSelected('unit')) runVitest('unit')
await webBuild
// Needs the route types, which the build generates. Saved results of other packages would be stale.
if (isSelected('checks')) runTool('types', 'tsc', ['--noEmit', '--incremental', 'false'])
for (const project of ['integration', ...LONG_PARTS]) if (isSelected(project)) runVitest(project)
if (isSelected('e2e'))
  runTool('end-to-end tests', 'playwright', ['test'], () =>
    readPlaywrightResults(path.join(resultsDir, 'e2e.json')),
  )

print(`\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`)
process.exit(total.failed > 0 ? 1 : 0)
