import { buildServer, compile } from '@/scripts/server-build.mjs'

/** Compiles the processes of the app, so that tests never run old code, and the one that creates accounts. */
export default async function buildTestServer() {
  await buildServer()
  await compile({ 'account-process': 'tests/support/account-process.ts' })
}
