import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runScript } from '@/tests/support/run-script'
import { findSpeechModels, installSpeechModels } from '@/tests/support/speech-model'

const dataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-models-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))
const runModels = (...args: string[]) =>
  runScript(['--import', 'tsx', 'scripts/models.ts', ...args], {
    DATA_DIR: dataDir,
    MODEL_HUB: 'http://127.0.0.1:9',
    SPEECH_MODEL: 'base',
  })

describe('npm run models', () => {
  it('lists the models with their files', async () => {
    const { status, output } = await runModels('list')
    expect(status).toBe(0)
    expect(output).toMatch(/^base\s+160\.6 MB {2}not downloaded, in use$/m)
    expect(output).toMatch(
      /^ {2}Moonshine · en · .* word error rate 12\.7 % \(.*https:.*\) · speed not measured$/m,
    )
    expect(output).toContain(
      'http://127.0.0.1:9/csukuangfj/sherpa-onnx-whisper-base/resolve/bb53ee204431c90d314c1cc08d28d23e5b7927cc/base-tokens.txt',
    )
  })

  it('explains why a model cannot be downloaded, and which names exist', async () => {
    const get = await runModels('get', 'base')
    expect(get).toMatchObject({ status: 1, output: expect.stringContaining('is not downloaded yet') })
    const unknown = await runModels('get', 'base.en')
    expect(unknown.status).toBe(1)
    expect(unknown.output).toContain(
      'There is no speech model base.en. The models are tiny, moonshine-tiny, base, small',
    )
    expect(await runModels('fetch')).toMatchObject({ status: 1, output: expect.stringContaining('Usage:') })
  })

  it('refuses to import a file that is not of a model', async () => {
    const file = path.join(dataDir, 'letter.bin')
    writeFileSync(file, 'Dear Ada')
    const { status, output } = await runModels('import', file)
    expect(status).toBe(1)
    expect(output).toContain('letter.bin is not a file of an offered model, or is damaged.')
  })

  it.skipIf(!findSpeechModels())('imports a file by its content, not its name, and removes it', async () => {
    const file = path.join(dataDir, 'download (1).txt')
    copyFileSync(path.join(findSpeechModels()!, 'whisper-base/tokens.txt'), file)
    const { status, output } = await runModels('import', file)
    expect(output).toContain('still lacks files')
    expect(status).toBe(0)
    const imported = path.join(dataDir, 'models/whisper-base/tokens.txt')
    expect(existsSync(imported)).toBe(true)
    expect((await runModels('remove', 'base')).status).toBe(0)
    expect(existsSync(imported)).toBe(false)
  })

  it.skipIf(!findSpeechModels())(
    'measures the speed of a model, which the doctor prints',
    { tags: 'full' },
    async () => {
      installSpeechModels(dataDir)
      const readDoctor = async () => {
        const { output } = await runScript(['scripts/doctor.mjs'], {
          DATA_DIR: dataDir,
          SPEECH_MODEL: 'base',
        })
        return output.split('\n').find((line) => / captions /.test(line))
      }
      expect(await readDoctor()).toContain('base (speed not measured: npm run models -- measure)')
      const { status, output } = await runModels('measure', 'base')
      expect({ status, output }).toEqual({
        status: 0,
        output: expect.stringMatching(/^base: real-time factor \d+\.\d\d here.* \(\d+ threads\)$/m),
      })
      const speed = /real-time factor [\d.]+ here/.exec(output)![0]
      expect(await readDoctor()).toContain(`base (${speed}`)
      expect((await runModels('list')).output).toContain(`· ${speed}`)
    },
  )
})
