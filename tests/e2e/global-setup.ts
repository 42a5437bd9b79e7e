import { startApp } from '@/tests/support/app'

export default async function setup() {
  const app = await startApp()
  process.env.E2E_URL = app.url
  return app.stop
}
