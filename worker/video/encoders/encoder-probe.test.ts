import { describe, expect, it } from 'vitest'
import { createEncoderProbe, detectEncoder } from './encoder-probe'

const hardware = { devices: ['/dev/null'], deviceArgs: [], upload: 'null', encoderArgs: () => [] }
const testOf =
  (...working: string[]) =>
  async (encoder: string) =>
    working.includes(encoder) ? hardware : 'no device'

describe('the encoder of a computer', () => {
  it('is software by default, without a test', async () => {
    const fail = () => Promise.reject(new Error('tested'))
    expect(await detectEncoder('software', fail)).toEqual({ encoder: 'software', problem: null })
  })

  it('is the first one that works with auto, and software if none does', async () => {
    expect(await detectEncoder('auto', testOf('vaapi', 'qsv'))).toEqual({
      encoder: 'qsv',
      hardware,
      problem: null,
    })
    expect(await detectEncoder('auto', testOf())).toEqual({ encoder: 'software', problem: null })
  })

  it('is software if the configured one does not work, which is reported', async () => {
    expect(await detectEncoder('vaapi', testOf('nvenc'))).toEqual({
      encoder: 'software',
      problem: 'Videos are encoded in software, because VIDEO_ENCODER=vaapi: no device.',
    })
  })

  it('is software while it is tested, and again after a failed test', async () => {
    const working = ['nvenc']
    const probe = createEncoderProbe('nvenc', (encoder) => testOf(...working)(encoder))
    expect(probe.current.encoder).toBe('software')
    await expect.poll(() => probe.current.encoder).toBe('nvenc')
    working.pop()
    await probe.recheck()
    expect(probe.current).toMatchObject({
      encoder: 'software',
      problem: expect.stringContaining('no device'),
    })
  })
})
