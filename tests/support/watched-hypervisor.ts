import { FakeHypervisor } from '@/worker/machines/fake'
import type { Hypervisor, MachineSpec, Stage } from '@/worker/machines/hypervisor'

/** Pretended machines whose making a test follows, slows down, and breaks off. */
export class WatchedHypervisor extends FakeHypervisor {
  /** Called when a stage of making a machine begins; what it throws ends the making. */
  onStage: (stage: Stage, id: string) => void = () => undefined

  constructor(readonly pace: { stageMs: number }) {
    super(pace)
  }

  override create(spec: MachineSpec, on: Parameters<Hypervisor['create']>[1]) {
    return super.create(spec, {
      ...on,
      onStage: (stage, progress) => {
        this.onStage(stage, spec.id)
        on.onStage?.(stage, progress)
      },
    })
  }

  async has(id: string) {
    return (await this.list()).includes(id)
  }
}
