// Reads the JSON reports of the test runners. A missing report, as of a crashed runner, counts as one failure.
import { existsSync, readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'

const UNFINISHED = { passed: 0, failed: 1, skipped: 0, failures: [] }

/** `isFull` says that the tests with the tag `full` were selected too. */
export function readVitestResults(file, { isFull }) {
  if (!existsSync(file)) return UNFINISHED
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const tests = report.testResults.flatMap((suite) => [
    // A file that cannot be loaded has a message and no tests.
    ...(suite.status === 'failed' && suite.message
      ? [{ ...suite, fullName: suite.name, failureMessages: [suite.message] }]
      : []),
    ...suite.assertionResults
      .filter(({ status }) => status === 'failed')
      .map((test) => ({ ...test, name: suite.name })),
  ])
  // Tests that only `npm run test:full` selects are not skipped ones.
  const leftOut = report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status, tags }) => status === 'skipped' && tags.includes('full') && !isFull)
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests - leftOut.length,
    failures: tests.map((test) =>
      stripVTControlCharacters(`${test.name}: ${test.fullName}\n${test.failureMessages.join('\n')}`),
    ),
  }
}

export function readPlaywrightResults(file) {
  if (!existsSync(file)) return UNFINISHED
  const { stats, suites, errors } = JSON.parse(readFileSync(file, 'utf8'))
  const specs = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specs)]
  const failed = suites.flatMap(specs).filter(({ ok }) => !ok)
  const readMessages = (spec) =>
    spec.tests
      .flatMap(({ results }) => results.flatMap((result) => result.errors.map(({ message }) => message)))
      .join('\n')
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
    failures: [
      ...failed.map((spec) => stripVTControlCharacters(`${spec.file}: ${spec.title}\n${readMessages(spec)}`)),
      ...errors.map(({ message }) => stripVTControlCharacters(message)),
    ],
  }
}
