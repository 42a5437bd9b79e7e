import { buildWeb } from '@/scripts/web-build.mjs'
import buildTestServer from './build-test-server'

/** Builds the app once for all workers, so that end-to-end tests never run old code. */
export default async function buildApp() {
  await buildTestServer()
  await buildWeb()
}
