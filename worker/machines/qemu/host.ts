import path from 'node:path'
import type { Catalogue } from '../images/catalogue'
import { mayUseKvm, probeAccelerator } from './accelerator'
import type { Engine } from './guest'
import { readQemuVersion } from './host-facts'
import { Templates } from './templates'

interface Ready {
  engine: Engine
  templates: Templates
}

/** What has to be found out about this host once, and not before somebody needs it. */
export class Host {
  private found?: Promise<Ready>

  constructor(
    private readonly options: { isConfined: boolean; answerMs: number; images: string; catalogue: Catalogue },
  ) {}

  /** @throws {AppError} machine.program_missing; asked again, it looks again */
  ready() {
    this.found ??= this.find().catch((error: unknown) => {
      this.found = undefined
      throw error
    })
    return this.found
  }

  private async find(): Promise<Ready> {
    const { isConfined, answerMs, images } = this.options
    const qemuVersion = await readQemuVersion()
    const accelerator = await this.findAccelerator(qemuVersion)
    const engine = { qemuVersion, accelerator, isConfined, answerMs }
    const templates = new Templates(images, engine)
    await templates.sweep()
    return { engine, templates }
  }

  private async findAccelerator(qemuVersion: string) {
    if (!(await mayUseKvm())) return 'tcg'
    const { bootFrom } = await this.options.catalogue.tiny.build({ signal: new AbortController().signal })
    if (bootFrom === 'disk') return 'tcg'
    return probeAccelerator({
      file: path.join(this.options.images, 'accelerator'),
      qemuVersion,
      kernel: bootFrom,
    })
  }
}
