import path from 'node:path'
import { PRIVATE_RANGES } from '@/lib/machines/private-ranges'
import type { Catalogue } from '../images/catalogue'
import { findOutboundProblem } from '../network/outbound-problem'
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
  private isOutboundFound = false

  constructor(
    private readonly options: {
      isConfined: boolean
      answerMs: number
      closedRanges?: string[]
      images: string
      catalogue: Catalogue
    },
  ) {}

  /** Why machines get no way out here; null when they do. What did not work is tried again when it is asked again. */
  async outboundProblem() {
    if (this.isOutboundFound) return null
    const problem = await findOutboundProblem(this.options)
    this.isOutboundFound = problem === null
    return problem
  }

  /** @throws {AppError} machine.program_missing; asked again, it looks again */
  ready() {
    this.found ??= this.find().catch((error: unknown) => {
      this.found = undefined
      throw error
    })
    return this.found
  }

  private async find(): Promise<Ready> {
    const { isConfined, answerMs, images, closedRanges = PRIVATE_RANGES } = this.options
    const qemuVersion = await readQemuVersion()
    const accelerator = await this.findAccelerator(qemuVersion)
    const engine = { qemuVersion, accelerator, isConfined, answerMs, closedRanges }
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
