// `npm test`: sets everything up on a fresh machine, runs every check and test, and counts them.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import {
  bin,
  build,
  CAPTION_PROGRAMS,
  generateClient,
  installBrowser,
  installPackages,
  installSystemParts,
  MACHINE_PROGRAMS,
  MEDIA_PROGRAMS,
  root,
  say,
  withNode24,
} from './prepare.mjs'

const isFull = process.argv.includes('--full')
const total = { passed: 0, failed: 0, skipped: 0 }
const results = path.join(root, 'test-results')

installPackages()
installSystemParts({ ...MEDIA_PROGRAMS, ...MACHINE_PROGRAMS, ...CAPTION_PROGRAMS })
if (isFull) installSystemParts({ faketime: 'faketime' })
installBrowser()
generateClient()
// Types of routes are made by it, and tests run it.
build()
rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })

const env = withNode24({ ...process.env, ...(isFull ? { TEST_FULL: '1' } : {}) })
const execute = (command, args) =>
  spawnSync(bin(command), args, { cwd: root, stdio: 'inherit', env }).status === 0

function check(name, command, args) {
  say(`\n— ${name}`)
  total[execute(command, args) ? 'passed' : 'failed']++
}

function count(name, file, isOk, read) {
  if (!existsSync(file)) {
    say(`${name} did not run to its end.`)
    total.failed++
    return
  }
  const found = read(JSON.parse(readFileSync(file, 'utf8')))
  for (const key of Object.keys(total)) total[key] += found[key]
  // A suite may break outside its tests.
  if (!isOk && found.failed === 0) total.failed++
}

function vitest(project) {
  say(`\n— ${project} tests`)
  const file = path.join(results, `${project}.json`)
  const isOk = execute('vitest', [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ])
  count(project, file, isOk, (found) => ({
    passed: found.numPassedTests,
    failed: found.numFailedTests,
    skipped: found.numPendingTests,
  }))
}

function playwright() {
  say('\n— end-to-end tests')
  const isOk = execute('playwright', ['test'])
  count('end-to-end', path.join(results, 'e2e.json'), isOk, ({ stats }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
  }))
}

check('format', 'oxfmt', ['--check', '.'])
check('lint and architecture', 'oxlint', ['--type-aware', '--deny-warnings'])
check('types', 'tsc', ['--noEmit'])
check('dead code', 'knip', [])
vitest('unit')
vitest('integration')
if (isFull) vitest('faults')
playwright()

say(`\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`)
process.exit(total.failed > 0 ? 1 : 0)
