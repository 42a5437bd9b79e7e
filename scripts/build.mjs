// `npm run build`: installs production packages and builds the app, without starting it. For container images and
// services.
import { installPackages } from './packages.mjs'
import { generateCode } from './generate-code.mjs'
import { buildServer } from './server-build.mjs'
import { buildWeb } from './web-build.mjs'

await installPackages({ isProduction: true })
await generateCode()
await buildServer()
await buildWeb()
