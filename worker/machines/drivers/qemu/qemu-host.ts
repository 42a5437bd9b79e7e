import path from 'node:path'
import { PRIVATE_RANGES } from '@/lib/http/private-ranges'
import type { ImageCatalog } from './images/image-catalog'
import { findOutboundProblem } from './network/outbound-problem'
import { canAccessKvm, probeAccelerator } from './accelerator'
import type { QemuSettings } from './lifecycle/start-guest'
import { readQemuVersion } from './host-facts'
import { TemplateStore } from './templates/template-store'

interface HostResources {
  engine: QemuSettings
  templates: TemplateStore
}

/** What has to be found out about this host once, and not before somebody needs it. */
export class QemuHost {
  private resources?: Promise<HostResources>
  private isOutboundWorking = false

  constructor(
    private readonly options: {
      isConfined: boolean
      answerMs: number
      closedRanges?: string[]
      images: string
      catalogue: ImageCatalog
    },
  ) {}

  /** Why machines get no way out here; null when they do. What did not work is tried again when it is asked again. */
  async outboundProblem() {
    if (this.isOutboundWorking) return null
    const problem = await findOutboundProblem(this.options)
    this.isOutboundWorking = problem === null
    return problem
  }

  /** @throws {AppError} machine.program_missing; asked again, it looks again */
  getResources() {
    this.resources ??= this.loadResources().catch((error: unknown) => {
      this.resources = undefined
      throw error
    })
    return this.resources
  }

  private async loadResources(): Promise<HostResources> {
    const { isConfined, answerMs, images, closedRanges = PRIVATE_RANGES } = this.options
    const qemuVersion = await readQemuVersion()
    const accelerator = await this.findAccelerator(qemuVersion)
    const engine = { qemuVersion, accelerator, isConfined, answerMs, closedRanges }
    const templates = new TemplateStore(images, engine)
    await templates.removeAbandonedBuilds()
    return { engine, templates }
  }

  private async findAccelerator(qemuVersion: string) {
    if (!(await canAccessKvm())) return 'tcg'
    const { bootFrom } = await this.options.catalogue.tiny.build({ signal: new AbortController().signal })
    if (bootFrom === 'disk') return 'tcg'
    return probeAccelerator({
      file: path.join(this.options.images, 'accelerator'),
      qemuVersion,
      kernel: bootFrom,
    })
  }
}
